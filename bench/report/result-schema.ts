import * as z from 'zod';

const spread = z.object({ median: z.number(), min: z.number(), max: z.number() });

const figure = z.object({
  what: z.string(),
  value: z.number(),
  unit: z.string(),
  spread: spread.exactOptional(),
  goal: z.union([z.object({ atMost: z.number() }), z.object({ atLeast: z.number() })]).exactOptional(),
});
const notMeasured = z.object({ what: z.string(), reason: z.string() });

/** The rows of a section, as its process sends them and a file stores them. */
export const rowsSchema = z.array(z.union([figure, notMeasured]));

/** A measured section. */
export const resultSchema = z.object({ name: z.string(), rows: rowsSchema, seconds: z.number() });
