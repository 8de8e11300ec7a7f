import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { validate } from '../../shared/http/validate.ts';

/** If-Match as the contract has it: one version in quotes, as it came in an ETag (RFC 9110, section 13.1.1), of a query, too. */
export const EXPECTED_VERSION = /^(W\/)?"\d{1,9}(\.\d{1,9})?"$/;

const ifMatch = z
  .string()
  .regex(EXPECTED_VERSION, 'must be one version in quotes, such as "3"')
  .transform((value) => Number(/\d+/.exec(value)?.[0]));

/** The version that If-Match expects, if there is one. Throws Problem `validation-failed`. */
export function expectedVersion({ headers }: HttpRequest): number | undefined {
  const value = headers.get('if-match');
  return value === null ? undefined : validate(ifMatch, value, 'If-Match');
}
