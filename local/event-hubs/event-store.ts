/** Where a partition keeps its events besides the memory: in a file, or nowhere. */
import type { Published } from './idempotent-producer.ts';
import type { LogEntry } from './stored-event.ts';

/** An event as it is kept. */
export interface KeptEvent {
  readonly entry: LogEntry;
  /** `message-id` of the event, when it is a text. */
  readonly messageId: string | undefined;
  /** Which idempotent producer numbered it, and how. */
  readonly published: Published | undefined;
}

/** The events of one partition. */
export interface PartitionStore {
  /** What earlier runs have kept, in order. */
  load(): Iterable<KeptEvent>;
  append(event: KeptEvent): void;
  /** Removes the events before a sequence number. */
  removeBefore(sequenceNumber: number): void;
  /** Calls back once everything that was appended and removed so far is kept. */
  whenKept(callback: () => void): void;
}

export interface EventStore {
  partition(hub: string, partitionId: string): PartitionStore;
  close(): void;
}

/** Keeps nothing: events end with the process. */
export const memoryStore: EventStore = {
  partition: () => ({
    load: () => [],
    append: () => {},
    removeBefore: () => {},
    whenKept: (callback) => callback(),
  }),
  close: () => {},
};
