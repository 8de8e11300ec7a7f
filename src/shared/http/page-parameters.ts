import { z } from 'zod';
import { wholeNumber } from './query-parameters.ts';

/** The message for a continuation token that this request cannot continue with. */
export const INVALID_TOKEN = 'must be the continuationToken of an earlier response to the same request';

/** The position after a page: the list and the sort key of the page's last entry. Opaque to clients. */
const continuationToken = z
  .base64url(INVALID_TOKEN)
  .max(1_000, INVALID_TOKEN)
  .transform((token) => Buffer.from(token, 'base64url').toString());

/** The parameters of every list. */
export const pageParameters = {
  limit: wholeNumber.min(1, 'must be at least 1').max(100, 'must be at most 100').default(20),
  continuationToken: continuationToken.optional(),
};
