/** Time to live: https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live */

const NEVER = -1;

/**
 * Whether a document's time is over: a number of seconds after its last change.
 * @param defaultTtl of the container: seconds; -1 when only documents with a `ttl` of their own expire; undefined when none does
 * @param now milliseconds since 1970
 */
export function isExpired(
  { ttl, _ts: changedAt }: Readonly<Record<string, unknown>>,
  defaultTtl: number | undefined,
  now: number,
): boolean {
  if (defaultTtl === undefined) return false;
  const seconds = typeof ttl === 'number' ? ttl : defaultTtl;
  return seconds !== NEVER && Number(changedAt) + seconds <= now / 1000;
}
