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

/** Caches what reading the newest version returns. */
export function cachedNewest<Version>(read: () => Promise<Version>, { now }: Pick<Clock, 'now'>): Newest<Version> {
  let cached: { readonly read: Promise<Version>; readonly until: number } | undefined;
  const refresh = (): Promise<Version> => {
    const before = cached;
    const reading = read();
    cached = { read: reading, until: now() + NEWEST_FOR_MS };
    reading.catch(() => {
      cached = before;
    });
    return reading;
  };
  return {
    refresh,
    newest: async () => {
      if (cached === undefined) return refresh();
      const { read: known, until } = cached;
      return now() < until ? known : refresh().catch(() => known);
    },
  };
}
