import type * as z from 'zod';

/**
 * Limits a text to a number of UTF-16 code units, which is how SQL Server counts the width of `nvarchar(n)`. Zod's own `max` counts
 * Unicode code points, of which one may take two units; it stays for the JSON schema, whose `maxLength` counts code points too.
 * @param max UTF-16 code units
 */
export function atMost(schema: z.ZodString, max: number): z.ZodString {
  const error = `must have at most ${max} characters (an emoji counts as two or more)`;
  return schema.max(max, { error, abort: true }).refine((text) => text.length <= max, { error, abort: true });
}
