/** Time to live: https://learn.microsoft.com/azure/cosmos-db/nosql/time-to-live */

const NEVER = -1;

/**
 * When a document expires, in seconds since 1970: a number of seconds after its last change. Undefined when it never does.
 * @param defaultTtl of the container: seconds; -1 when only documents with a `ttl` of their own expire; undefined when none does
 */
export function expiresAt(
  { ttl, _ts: changedAt }: Readonly<Record<string, unknown>>,
  defaultTtl: number | undefined,
): number | undefined {
  if (defaultTtl === undefined) return undefined;
  const seconds = typeof ttl === 'number' ? ttl : defaultTtl;
  return seconds === NEVER ? undefined : Number(changedAt) + seconds;
}
