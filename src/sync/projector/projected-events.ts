import { LRUCache } from 'lru-cache';
import type { Runtime } from '../../shared/runtime.ts';

/** Maximum events that are remembered. Other consumers of the hub receive an event at about the same time. */
const MAX_REMEMBERED = 1_000;

/** The events that this process has projected into a read model lately. Other processes may have projected more. */
export class ProjectedEvents {
  readonly #remembered = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  readonly #arrivals = new Map<string, PromiseWithResolvers<void>>();

  /** Adds events whose documents are written. */
  add(eventIds: readonly string[]): void {
    for (const eventId of eventIds) {
      this.#remembered.set(eventId, true);
      this.#arrivals.get(eventId)?.resolve();
    }
  }

  has(eventId: string): boolean {
    return this.#remembered.has(eventId);
  }

  /** Waits until this process has projected the events, at most `maxMs`. */
  async waitFor(eventIds: readonly string[], maxMs: number, { delay }: Pick<Runtime, 'delay'>): Promise<void> {
    const missing = eventIds.filter((eventId) => !this.has(eventId));
    if (missing.length === 0) return;
    const arrivals = missing.map((eventId) => {
      const arrival = this.#arrivals.get(eventId) ?? Promise.withResolvers<void>();
      this.#arrivals.set(eventId, arrival);
      return arrival.promise;
    });
    const ended = new AbortController();
    await Promise.race([Promise.all(arrivals), delay(maxMs, ended.signal)]);
    ended.abort();
    for (const eventId of missing) this.#arrivals.delete(eventId);
  }
}
