/** Event hubs by name: their partitions, their consumer groups, and which partition an event goes to. */
import { partitionForKey } from '../../src/shared/event-hubs/partition-key-hash.ts';
import { AmqpRefusal, condition, entityNotFound } from './amqp-refusal.ts';
import { ConsumerGroup } from './consumer-group.ts';
import type { EventStore } from './event-store.ts';
import type { IncomingEvent } from './message-batch.ts';
import { PartitionLog } from './partition-log.ts';
import { decoded, partitionKeyOf, type StoredEvent } from './stored-event.ts';

export interface HubSettings {
  readonly name: string;
  readonly partitions: number;
  /** Consumer groups beside `$Default`, which always exists. */
  readonly consumerGroups: readonly string[];
}

/** How hubs keep their events. */
export interface Keeping {
  /** Sequence number of the first event in a partition that has none in the store. */
  readonly firstSequenceNumber: number;
  /** How many events each partition keeps. */
  readonly maxEvents: number;
  readonly store: EventStore;
}

/** Names are looked up as the service does: without regard to case. */
function byName<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [nameOf(item).toLowerCase(), item]));
}

export class EventHub {
  readonly name: string;
  readonly createdAt: Date;
  readonly partitions: readonly PartitionLog[];
  readonly #groups: ReadonlyMap<string, ConsumerGroup>;
  #nextRoundRobin = 0;

  constructor({ name, partitions, consumerGroups }: HubSettings, keeping: Keeping) {
    this.name = name;
    this.createdAt = keeping.store.createdAt ?? new Date();
    this.partitions = Array.from({ length: partitions }, (_, index) => {
      const id = String(index);
      return new PartitionLog({ ...keeping, id, store: keeping.store.partition(name, id) });
    });
    const groups = ['$Default', ...consumerGroups].map((name) => new ConsumerGroup(name));
    this.#groups = byName(groups, ({ name }) => name);
  }

  /** @throws {AmqpRefusal} com.microsoft:argument-out-of-range when there is no such partition */
  partition(id: string): PartitionLog {
    const found = this.partitions.find((partition) => partition.id === id);
    if (found !== undefined) return found;
    const range = `0 to ${this.partitions.length - 1}`;
    throw new AmqpRefusal(condition.outOfRange, `The partition '${id}' of '${this.name}' does not exist: ${range}.`);
  }

  /** @throws {AmqpRefusal} amqp:not-found when there is no such consumer group */
  consumerGroup(name: string): ConsumerGroup {
    const found = this.#groups.get(name.toLowerCase());
    if (found === undefined) throw entityNotFound(`${this.name}/ConsumerGroups/${name}`);
    return found;
  }

  /**
   * Appends what came in one message; a batch shares one partition, as in the service.
   * @param events the events in order
   * @param fixed the partition of a producer that sends to one
   * @param onKept called when the events have been committed
   */
  append(events: readonly IncomingEvent[], fixed: PartitionLog | undefined, onKept: () => void): void {
    (fixed ?? this.#partitionFor(events))?.append(events, onKept);
  }

  /** @returns every event kept, partition by partition, in order */
  events(): readonly StoredEvent[] {
    return this.partitions.flatMap((log) => log.entries().map((entry) => decoded(entry, log.id)));
  }

  #partitionFor(events: readonly IncomingEvent[]): PartitionLog | undefined {
    const key = events[0] && partitionKeyOf(events[0]);
    const count = this.partitions.length;
    return this.partitions[key === undefined ? this.#nextRoundRobin++ % count : partitionForKey(key, count)];
  }
}

export class Hubs {
  readonly #hubs: ReadonlyMap<string, EventHub>;

  constructor(hubs: readonly EventHub[]) {
    this.#hubs = byName(hubs, ({ name }) => name);
  }

  /** @throws {AmqpRefusal} amqp:not-found when there is no such hub */
  hub(name: string): EventHub {
    const found = this.#hubs.get(name.toLowerCase());
    if (found === undefined) throw entityNotFound(name);
    return found;
  }
}
