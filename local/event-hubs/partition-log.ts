/** One partition: its events in order, bounded, and whoever waits for the next one. */

import type { PartitionStore } from './event-store.ts';
import { type Published, publishedAs } from './idempotent-producer.ts';
import { type IncomingEvent, messageIdOf } from './message-batch.ts';
import { type EventPlace, entryFor, type LogEntry, OFFSET_PER_EVENT, offsetOf } from './stored-event.ts';

/** What the service answers for the newest event of a partition that has none. */
const NO_EVENT = { offset: '-1', enqueuedAt: 0 } as const;

export interface PartitionSettings {
  readonly id: string;
  /** Sequence number of its first event if the store has no events. */
  readonly firstSequenceNumber: number;
  /** How many events are kept; beyond it the oldest go. */
  readonly maxEvents: number;
  readonly store: PartitionStore;
}

/** Readers see an event only after it was committed. Otherwise a crash could lose an event that a checkpoint already points to. */
export class PartitionLog {
  readonly id: string;
  readonly #maxEvents: number;
  readonly #store: PartitionStore;
  readonly #entries = new Map<number, LogEntry>();
  readonly #lastPublished = new Map<number, number>();
  readonly #listeners = new Set<() => void>();
  #first: number;
  /** The newest event. */
  #appended: EventPlace;
  /** The newest committed event. */
  #newest: EventPlace;

  constructor({ id, firstSequenceNumber, maxEvents, store }: PartitionSettings) {
    this.id = id;
    this.#maxEvents = maxEvents;
    this.#store = store;
    this.#first = firstSequenceNumber;
    this.#appended = { ...NO_EVENT, sequenceNumber: firstSequenceNumber - 1 };
    for (const { entry, published } of store.load()) {
      if (this.#entries.size === 0) this.#first = entry.sequenceNumber;
      this.#keepInMemory(entry);
      if (published !== undefined) this.#lastPublished.set(published.producerId, published.sequenceNumber);
    }
    this.#newest = this.#appended;
  }

  /** Number of the oldest event kept (of the next event when there is none). */
  get firstSequenceNumber(): number {
    return this.#first;
  }

  /** Number the next event gets. */
  get nextSequenceNumber(): number {
    return this.#newest.sequenceNumber + 1;
  }

  get newest(): EventPlace {
    return this.#newest;
  }

  get isEmpty(): boolean {
    return this.#newest.sequenceNumber < this.#first;
  }

  entry(sequenceNumber: number): LogEntry | undefined {
    return sequenceNumber > this.#newest.sequenceNumber ? undefined : this.#entries.get(sequenceNumber);
  }

  entries(): readonly LogEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.sequenceNumber <= this.#newest.sequenceNumber);
  }

  /**
   * Appends events in order, leaving out those an idempotent producer sent before.
   * @param onKept called when the events have been committed, before the listeners are
   */
  append(events: readonly IncomingEvent[], onKept: () => void): void {
    for (const event of events) {
      const published = publishedAs(event);
      if (!this.#isRepeated(published)) this.#add(event, published);
    }
    const appended = this.#appended;
    this.#store.whenKept(() => {
      this.#newest = appended;
      onKept();
      for (const listener of this.#listeners) listener();
    });
  }

  /**
   * @param listener called after events were appended
   * @returns ends the subscription
   */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #isRepeated(published: Published | undefined): boolean {
    if (published === undefined) return false;
    const last = this.#lastPublished.get(published.producerId);
    if (last !== undefined && published.sequenceNumber <= last) return true;
    this.#lastPublished.set(published.producerId, published.sequenceNumber);
    return false;
  }

  #add(event: IncomingEvent, published: Published | undefined): void {
    const sequenceNumber = this.#appended.sequenceNumber + 1;
    // Time never runs backwards within a partition, or a search by time would miss events.
    const enqueuedAt = Math.max(Date.now(), this.#appended.enqueuedAt);
    const entry = entryFor(event, { sequenceNumber, offset: offsetOf(sequenceNumber), enqueuedAt });
    this.#keepInMemory(entry);
    this.#store.append({ entry, messageId: messageIdOf(event), published });
    if (this.#entries.size > this.#maxEvents) this.#dropOldest();
  }

  #keepInMemory(entry: LogEntry): void {
    const { sequenceNumber, offset, enqueuedAt } = entry;
    this.#entries.set(sequenceNumber, entry);
    this.#appended = { sequenceNumber, offset, enqueuedAt };
  }

  #dropOldest(): void {
    this.#entries.delete(this.#first++);
    this.#store.removeBefore(this.#first);
  }
}

/** @returns the sequence number of the first event beyond an offset (`inclusive`: at or beyond) */
export function sequenceAtOffset(offset: number, inclusive: boolean): number {
  return inclusive ? Math.ceil(offset / OFFSET_PER_EVENT) : Math.floor(offset / OFFSET_PER_EVENT) + 1;
}
