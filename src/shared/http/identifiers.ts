import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import { validate } from './validate.ts';

/** Longest id in UTF-16 code units; the width of the id columns. */
const MAX_ID_LENGTH = 64;

/**
 * An opaque id chosen by a client. Blanks at the ends are refused because SQL ignores them when it compares, `%2F` because
 * hosts leave an encoded slash in a path encoded, so the two could not be told apart, and the dot segments because clients and
 * servers take them out of a path, however they are encoded (https://url.spec.whatwg.org/#double-dot-path-segment).
 */
export const identifier = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_ID_LENGTH, `must have at most ${MAX_ID_LENGTH} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine((id) => id === id.trim(), 'must not begin or end with a blank')
  .refine((id) => !/%2f/i.test(id), 'must not contain "%2F"')
  .refine((id) => !/^\.{1,2}$/.test(id), 'must not be "." or ".."')
  .describe('An opaque id, without blanks at the ends; URL-encode it in a path.');

/**
 * An id from the request's path. The host decodes it but for an encoded slash, as Kestrel does
 * (https://github.com/dotnet/aspnetcore/issues/11544). Throws Problem `validation-failed`.
 */
export function routeId(request: HttpRequest, name: string): string {
  return validate(identifier, request.params[name]?.replaceAll(/%2f/gi, '/'), name);
}
