import { partitionForKey } from '../../../src/shared/event-hubs/partition-key-hash.ts';
import type { World } from '../kernel/world.ts';

/** Partitions of each hub: few, so that many aggregates share one. */
export const PARTITIONS = ['0', '1'] as const;

/** An event to append. */
export interface SentEvent {
  readonly eventId: string;
  readonly body: Buffer;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** An event in a partition. */
export interface HubEvent extends SentEvent {
  readonly sequenceNumber: number;
  readonly enqueuedAt: Date;
}

/** Who consumes a partition for a consumer group, and until when (simulated ms) nobody else claims it. */
export interface Ownership {
  readonly owner: string;
  readonly until: number;
}

/** A hub with its partitions, and what the triggers keep about it in storage: checkpoints and ownership. */
export class SimulatedHub {
  readonly name: string;
  /** Sequence number of the last processed event by consumer group and partition. */
  readonly checkpoints = new Map<string, number>();
  /** Sequence number up to which functions have succeeded, by consumer group and partition. A checkpoint can be older. */
  readonly processed = new Map<string, number>();
  /** By consumer group and partition. */
  readonly owners = new Map<string, Ownership>();
  readonly #world: World;
  readonly #partitions = new Map<string, HubEvent[]>(PARTITIONS.map((id) => [id, []]));
  readonly #listeners = new Set<(partition: string) => void>();
  #awayUntil = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.name = name;
  }

  get isAway(): boolean {
    return this.#world.passed < this.#awayUntil;
  }

  /** Makes the hub unreachable for a while (ms). */
  leave(ms: number): void {
    this.#awayUntil = this.#world.passed + ms;
    this.#world.schedule(ms, () => {
      for (const partition of PARTITIONS) this.#notify(partition);
    });
  }

  partitionOf(key: string): string {
    return String(partitionForKey(key, PARTITIONS.length));
  }

  /** Appends a batch in the order of its events. */
  append(partition: string, events: readonly SentEvent[]): void {
    const log = this.#log(partition);
    for (const event of events) {
      log.push({ ...event, sequenceNumber: log.length, enqueuedAt: new Date(this.#world.time) });
    }
    this.#notify(partition);
  }

  /** The events after a sequence number. */
  after(partition: string, sequenceNumber: number): readonly HubEvent[] {
    return this.isAway ? [] : this.#log(partition).slice(sequenceNumber + 1);
  }

  /** Sequence number of the last event; -1 without events. */
  last(partition: string): number {
    return this.#log(partition).length - 1;
  }

  /** Every event, by partition. */
  get events(): readonly HubEvent[] {
    return [...this.#partitions.values()].flat();
  }

  /** Calls back after each append to a partition. Returns a function that ends it. */
  listen(listener: (partition: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** True when the functions of a consumer group have processed every event. */
  isConsumed(group: string): boolean {
    return PARTITIONS.every((partition) => (this.processed.get(`${group}/${partition}`) ?? -1) >= this.last(partition));
  }

  #notify(partition: string): void {
    for (const listener of this.#listeners) listener(partition);
  }

  #log(partition: string): HubEvent[] {
    const log = this.#partitions.get(partition);
    if (log === undefined) throw new Error(`Hub ${this.name} has no partition ${partition}.`);
    return log;
  }
}
