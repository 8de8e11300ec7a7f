/** One partition: its events in order, bounded, and whoever waits for the next one. */

import { publishedAs } from './idempotent-producer.ts';
import type { IncomingEvent } from './message-batch.ts';
import { type EventPlace, entryFor, type LogEntry } from './stored-event.ts';

/**
 * Offsets grow faster than sequence numbers, as in the service where they count bytes, so that code which takes one
 * for the other fails here too.
 */
const OFFSET_PER_EVENT = 16;

/** What the service answers for the newest event of a partition that has none. */
const NO_EVENT = { offset: '-1', enqueuedAt: 0 } as const;

export class PartitionLog {
  readonly id: string;
  readonly #maxEvents: number;
  readonly #entries = new Map<number, LogEntry>();
  readonly #lastPublished = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  #first: number;
  #next: number;
  #newest: EventPlace;

  /**
   * @param id the partition's id
   * @param firstSequenceNumber the number its first event gets
   * @param maxEvents how many events are kept; beyond it the oldest go
   */
  constructor(id: string, firstSequenceNumber: number, maxEvents: number) {
    this.id = id;
    this.#maxEvents = maxEvents;
    this.#first = firstSequenceNumber;
    this.#next = firstSequenceNumber;
    this.#newest = { ...NO_EVENT, sequenceNumber: firstSequenceNumber - 1 };
  }

  /** Number of the oldest event kept (of the next event when there is none). */
  get firstSequenceNumber(): number {
    return this.#first;
  }

  /** Number the next event gets. */
  get nextSequenceNumber(): number {
    return this.#next;
  }

  get newest(): EventPlace {
    return this.#newest;
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  entry(sequenceNumber: number): LogEntry | undefined {
    return this.#entries.get(sequenceNumber);
  }

  entries(): readonly LogEntry[] {
    return [...this.#entries.values()];
  }

  /** Appends events in order, leaves out those an idempotent producer sent before, then tells the listeners once. */
  append(events: readonly IncomingEvent[]): void {
    for (const event of events) {
      if (!this.#isRepeated(event)) this.#add(event);
    }
    for (const listener of this.#listeners) listener();
  }

  /**
   * @param listener called after events were appended
   * @returns ends the subscription
   */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #isRepeated(event: IncomingEvent): boolean {
    const published = publishedAs(event);
    if (published === undefined) return false;
    const last = this.#lastPublished.get(published.producerId);
    if (last !== undefined && published.sequenceNumber <= last) return true;
    this.#lastPublished.set(published.producerId, published.sequenceNumber);
    return false;
  }

  #add(event: IncomingEvent): void {
    const sequenceNumber = this.#next++;
    const offset = String(sequenceNumber * OFFSET_PER_EVENT);
    // Time never runs backwards within a partition, or a search by time would miss events.
    const enqueuedAt = Math.max(Date.now(), this.#newest.enqueuedAt);
    this.#newest = { sequenceNumber, offset, enqueuedAt };
    this.#entries.set(sequenceNumber, entryFor(event, this.#newest));
    if (this.#entries.size > this.#maxEvents) this.#entries.delete(this.#first++);
  }
}

/** @returns the sequence number of the first event beyond an offset (`inclusive`: at or beyond) */
export function sequenceAtOffset(offset: number, inclusive: boolean): number {
  return inclusive ? Math.ceil(offset / OFFSET_PER_EVENT) : Math.floor(offset / OFFSET_PER_EVENT) + 1;
}
