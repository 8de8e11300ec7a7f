/** Persistence of events. Partitions read from memory; a store keeps a copy that outlives the process, or nothing. */
import type { Published } from './idempotent-producer.ts';
import type { LogEntry } from './stored-event.ts';

/** An event as it is kept. */
export interface KeptEvent {
  readonly entry: LogEntry;
  /** `message-id` of the event if it is a string. */
  readonly messageId: string | undefined;
  /** The producer and sequence number of an event of an idempotent producer. */
  readonly published: Published | undefined;
}

/** The events of one partition. */
export interface PartitionStore {
  /** Events of earlier runs, in order. */
  load(): Iterable<KeptEvent>;
  append(event: KeptEvent): void;
  /** Removes the events before a sequence number. */
  removeBefore(sequenceNumber: number): void;
  /** Calls back when everything appended and removed so far has been committed. */
  whenKept(callback: () => void): void;
}

export interface EventStore {
  /** When the store was created; undefined when it keeps nothing. */
  readonly createdAt?: Date;
  partition(hub: string, partitionId: string): PartitionStore;
  close(): void;
}

/** Keeps nothing: events are lost when the process ends. */
export const memoryStore: EventStore = {
  partition: () => ({
    load: () => [],
    append: () => {},
    removeBefore: () => {},
    whenKept: (callback) => callback(),
  }),
  close: () => {},
};
