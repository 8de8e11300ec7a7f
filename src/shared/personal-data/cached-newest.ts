import type { Clock } from '../runtime.ts';

/** How long (ms) the newest version of the master key is cached. */
const NEWEST_FOR_MS = 3_600_000;

/** The newest version of something in a vault. */
export interface Newest<Version> {
  /** From the cache for an hour. Falls back to the last known version when the vault cannot be reached. */
  newest(): Promise<Version>;
  /** Reads it without using the cache. */
  refresh(): Promise<Version>;
}

/** Caches what reading the newest version returns. A read that fails leaves the cache unchanged. */
export function cachedNewest<Version>(read: () => Promise<Version>, { now }: Pick<Clock, 'now'>): Newest<Version> {
  let known: { readonly version: Version; readonly until: number; readonly ordinal: number } | undefined;
  let reading: Promise<Version> | undefined;
  let reads = 0;
  const refresh = (): Promise<Version> => {
    const ordinal = ++reads;
    const until = now() + NEWEST_FOR_MS;
    // Joins no read that has started before, because that one may have missed a version that the caller has seen.
    const current = read()
      .then((version) => {
        if (known === undefined || known.ordinal < ordinal) known = { version, until, ordinal };
        return version;
      })
      .finally(() => {
        if (reading === current) reading = undefined;
      });
    reading = current;
    return current;
  };
  return {
    refresh,
    newest: async () => {
      if (known !== undefined && now() < known.until) return known.version;
      try {
        return await (reading ?? refresh());
      } catch (error) {
        if (known === undefined) throw error;
        return known.version;
      }
    },
  };
}
