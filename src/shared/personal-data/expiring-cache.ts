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
 * @param max maximum entries; the least recently used one makes room
 */
export function expiringCache<Value extends object | string>(
  max: number,
  { monotonicMs, timer }: Pick<Clock, 'monotonicMs' | 'timer'>,
): ExpiringCache<Value> {
  const entries = new LRUCache<string, Value>({
    // Each entry has the size 1. Unlike with `max`, the cache does not allocate the memory of all entries when it is created.
    maxSize: max,
    sizeCalculation: () => 1,
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
