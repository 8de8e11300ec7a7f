import * as z from 'zod';

const spread = z.object({ median: z.number(), min: z.number(), max: z.number() });

/** The figures of a section, as its process sends them and a file stores them. */
export const figuresSchema = z.array(
  z.object({
    what: z.string(),
    value: z.number(),
    unit: z.string(),
    spread: spread.exactOptional(),
    goal: z.union([z.object({ atMost: z.number() }), z.object({ atLeast: z.number() })]).exactOptional(),
  }),
);

/** A measured section. */
export const resultSchema = z.object({ name: z.string(), figures: figuresSchema, seconds: z.number() });
