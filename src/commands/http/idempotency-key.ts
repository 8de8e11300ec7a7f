import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { atMost } from '../../shared/http/text-limit.ts';
import { validate } from '../../shared/http/validate.ts';

/** Maximum length of an idempotency key, in UTF-16 code units. */
export const MAX_KEY_LENGTH = 255;

/** A key that a client chooses. It is the same in the header, which loses blanks at its ends, and in an envelope. */
export const idempotencyKey = atMost(z.string().min(1, 'must not be empty'), MAX_KEY_LENGTH)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must contain only printable characters')
  .refine((key) => key === key.trim(), 'must not begin or end with a blank');

/** Returns the Idempotency-Key header, if present. Throws Problem `validation-failed`. */
export function idempotencyKeyHeader({ headers }: HttpRequest): string | undefined {
  const key = headers.get('idempotency-key');
  return key === null ? undefined : validate(idempotencyKey, key, 'Idempotency-Key');
}
