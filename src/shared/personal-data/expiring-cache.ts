import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime.ts';

/** How long (ms) an entry is served, and how often expired entries are removed: none stays in memory for more than five minutes. */
const TTL_MS = 270_000;
const PURGE_INTERVAL_MS = 30_000;

/** A cache of values that must not stay in memory. */
export interface ExpiringCache<Value> {
  get(id: string): Value | undefined;
  set(id: string, value: Value): void;
  delete(id: string): void;
  /** Entries in memory, expired ones included. */
  size(): number;
}

/**
 * Creates a cache that removes each entry within five minutes, even when nobody asks for it again.
 * @param maxSize of all entries together; the least recently used ones make room
 * @param sizeOf size of an entry; by default 1, so that the maximum is a number of entries
 */
export function expiringCache<Value extends object | string>(
  maxSize: number,
  { monotonicMs, timer }: Pick<Clock, 'monotonicMs' | 'timer'>,
  sizeOf: (value: Value, id: string) => number = () => 1,
): ExpiringCache<Value> {
  const entries = new LRUCache<string, Value>({
    maxSize, // unlike `max`, does not allocate the memory of all entries when the cache is created
    sizeCalculation: sizeOf,
    ttl: TTL_MS,
    ttlResolution: 0,
    perf: { now: monotonicMs },
  });
  let isScheduled = false;
  const schedulePurge = () => {
    if (isScheduled || entries.size === 0) return;
    isScheduled = true;
    timer(PURGE_INTERVAL_MS, () => {
      isScheduled = false;
      entries.purgeStale();
      schedulePurge();
    });
  };
  return {
    get: (id) => entries.get(id),
    set: (id, value) => {
      entries.set(id, value);
      schedulePurge();
    },
    delete: (id) => void entries.delete(id),
    size: () => entries.size,
  };
}
