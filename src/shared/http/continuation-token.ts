import { createHash } from 'node:crypto';
import type * as z from 'zod';
import type { Problem } from './problem.ts';
import { invalid } from './validate.ts';

/** The message for a continuation token that this request cannot continue with. */
export const INVALID_TOKEN = 'must be the continuationToken of an earlier response to the same request';

/** The problem `validation-failed` for such a token. */
export const invalidToken = (): Problem => invalid([{ path: 'continuationToken', message: INVALID_TOKEN }]);

/** Identifies a list by what selects its entries, so that a token of one list is rejected by another. */
export const listId = (selection: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(selection)).digest('base64url').slice(0, 8);

/** Parses the JSON of a position that came with a request. Throws Problem `validation-failed`. */
export function parsePosition<Position>(schema: z.ZodType<Position>, text: string): Position {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw invalidToken();
  }
}
