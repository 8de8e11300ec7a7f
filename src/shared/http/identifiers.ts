import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { atMost } from './text-limit.ts';
import { validate } from './validate.ts';
import { hasVisibleCharacter } from './visible-text.ts';

/** Maximum length of an id in UTF-16 code units: the width of the id columns. */
export const MAX_ID_LENGTH = 64;

/**
 * An opaque id, chosen by a client, of something that may exist. Rejected are leading and trailing blanks, because SQL ignores
 * trailing blanks in comparisons; `%2F`, because hosts do not decode an encoded slash in a path, so that the two would be
 * ambiguous; and dot segments, because clients and servers remove them from a path in any encoding
 * (https://url.spec.whatwg.org/#double-dot-path-segment).
 */
export const identifier = atMost(z.string().min(1, 'must not be empty'), MAX_ID_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .refine((id) => id === id.trim(), 'must not begin or end with a blank')
  .refine((id) => !/%2f/i.test(id), 'must not contain "%2F"')
  .refine((id) => !/^\.{1,2}$/.test(id), 'must not be "." or ".."')
  .describe('An opaque id without leading or trailing blanks. URL-encode it in a path.');

/**
 * An opaque id for something new. It has no `/` and no `\`: API Management and the front ends of Azure decode them in a path or take
 * them for separators, so that the id could not be reached there. Ids that were stored before this rule are still accepted.
 */
export const newIdentifier = identifier
  .regex(/^[^/\\]*$/, 'must not contain "/" or "\\"')
  .refine(hasVisibleCharacter, 'must have at least one visible character')
  .describe('An opaque id without leading or trailing blanks, "/" and "\\". URL-encode it in a path.');

/** A UUID of a version from 1 to 8 (RFC 9562, section 4), so neither the nil nor the max UUID. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** True for a UUID in its text form. */
export function isUuid(id: string): boolean {
  return UUID.test(id);
}

/**
 * Reads an id from the request's path. Like Kestrel, the host decodes everything but an encoded slash
 * (https://github.com/dotnet/aspnetcore/issues/11544). Throws Problem `validation-failed`.
 */
export function routeId(request: HttpRequest, name: string): string {
  return validate(identifier, request.params[name]?.replaceAll(/%2f/gi, '/'), name);
}
