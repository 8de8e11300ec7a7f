import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { invalid } from './validate.ts';

/** The parameters of the query string by name. */
export function queryParameters({ query }: HttpRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(query);
}

/**
 * Rejects parameters that an operation does not have, and repeated ones. Reads the URL, because the Functions host joins the values
 * of a repeated parameter with a comma in `query`. Throws Problem `validation-failed`.
 */
export function rejectOtherParameters({ url }: HttpRequest, known: readonly string[]): void {
  if (!url.includes('?')) return;
  const { searchParams } = new URL(url);
  const errors = [...new Set(searchParams.keys())].flatMap((path) => {
    if (!known.includes(path)) return { path, message: 'is not a parameter of this request: remove it' };
    return searchParams.getAll(path).length > 1 ? { path, message: 'must occur only once' } : [];
  });
  if (errors.length > 0) throw invalid(errors);
}

/** A whole number, which gets its bounds and its default before `inDigits`. */
export const wholeNumber = z.int('must be a whole number');

/** A number in a query string, in decimal digits: other text, such as `1e1`, `0x10` and an empty value, is not one. */
export function inDigits<Schema extends z.ZodType<number | undefined, number | undefined>>(
  schema: Schema,
): z.ZodPreprocess<Schema> {
  return z.preprocess((text) => (typeof text === 'string' && /^-?\d+$/.test(text) ? Number(text) : text), schema);
}
