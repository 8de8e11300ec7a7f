import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { validate } from '../../shared/http/validate.ts';
import type { CommandEnvelope } from '../pipeline/command.ts';

/**
 * If-Match as the API defines it: one version in quotes, as in an ETag of a command or a query, or `*` for any version (RFC 9110,
 * section 13.1.1).
 */
export const EXPECTED_VERSION = /^(\*|(W\/)?"\d{1,9}(\.\d{1,9}){0,2}")$/;

const ifMatch = z
  .string()
  .regex(EXPECTED_VERSION, 'must be one version in quotes, such as "3", or *')
  .transform((value) => (value === '*' ? 'any' : Number(/\d+/.exec(value)?.[0])));

/** Returns the version that If-Match expects, if the header is present. Throws Problem `validation-failed`. */
export function expectedVersion({ headers }: HttpRequest): CommandEnvelope['expectedVersion'] {
  const value = headers.get('if-match');
  return value === null ? undefined : validate(ifMatch, value, 'If-Match');
}
