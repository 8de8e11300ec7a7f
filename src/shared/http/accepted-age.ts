import type { HttpRequest } from '@azure/functions';

/** The most that any caller accepts (ms). An erased customer's data key may exist on a replica for so long. */
export const MAX_ACCEPTED_AGE_MS = 60_000;

/**
 * The age (ms) of an answer that a caller accepts: `Cache-Control: max-age=<seconds>` (RFC 9111, section 5.2.1.1), at most a minute. 0 for
 * `no-cache`. Undefined if the request does not say; directives that are not understood are ignored, as the RFC requires.
 */
export function acceptedAgeMs({ headers }: Pick<HttpRequest, 'headers'>): number | undefined {
  const directives = (headers.get('cache-control') ?? '').split(',').map((directive) => directive.trim().toLowerCase());
  if (directives.includes('no-cache')) return 0;
  const ages = directives.flatMap((directive) => /^max-age="?(\d+)"?$/.exec(directive)?.[1] ?? []).map(Number);
  return ages.length === 0 ? undefined : Math.min(...ages.map((seconds) => seconds * 1_000), MAX_ACCEPTED_AGE_MS);
}

/** The header that says how old an answer may be, in whole seconds, rounded up. */
export function dataAge(ageMs: number): { readonly 'x-data-age': string } {
  return { 'x-data-age': String(Math.ceil(ageMs / 1_000)) };
}
