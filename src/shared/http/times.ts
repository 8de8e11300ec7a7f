import * as z from 'zod';

/** Other years cannot be stored in `datetime2` or `date`, and JavaScript writes years after 9999 so that they do not sort as text. */
const YEARS = /^(?!0000)\d{4}-/;

/** Limits times or days in requests, ISO 8601 in UTC, to the years that can be stored and compared. */
export function storable<Schema extends z.ZodType<string>>(schema: Schema): Schema {
  return schema.refine((text) => YEARS.test(text), 'must be in the years 0001 to 9999, in UTC');
}

/** A time in a request, with any offset. Its output is in UTC, with milliseconds. */
export const utcTime = storable(
  z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time such as 2026-01-31T00:00:00Z' })
    .transform((time) => new Date(time).toISOString()),
);

/** A UTC day in a request, YYYY-MM-DD. */
export const utcDay = storable(z.iso.date({ error: 'must be a day such as 2026-01-31', abort: true }));
