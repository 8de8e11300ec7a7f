import { InvocationContext } from '@azure/functions';
import type { EventHubFunction } from '../../../src/shared/functions/app-function.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { type HubEvent, PARTITIONS, type SimulatedHub } from './hub.ts';

/** Kinds of faults of the trigger and its storage. */
export const TRIGGER_FAULTS = {
  'partition stolen': 0.04,
  'checkpoint of a lost owner': 0.3,
  'old checkpoint': 0.03,
  'storage unavailable': 0.02,
};

/** What a trigger works with. */
export interface TriggerHost {
  readonly world: World;
  readonly process: Process;
  readonly hub: SimulatedHub;
}

/** Milliseconds between two rounds of load balancing, and until an ownership expires that is not renewed. */
const BALANCE_MS = 10_000;
const OWNERSHIP_MS = 30_000;
/** Most events in one batch. */
const MAX_BATCH = 12;
/** Wait (ms) before the first retry of a batch, and the longest wait. */
const RETRY = { firstMs: 1_000, maxMs: 30_000 };

const storageFault = () => new Error('The storage account is unavailable.');
const STORAGE = { refusals: { 'storage unavailable': storageFault }, lost: storageFault };

/** The Event Hubs trigger of one function in one process: claims partitions, and delivers their events. */
export class EventHubTrigger {
  readonly #host: TriggerHost;
  readonly #function: EventHubFunction;
  readonly #receivers = new Map<string, PartitionReceiver>();

  constructor(host: TriggerHost, entry: EventHubFunction) {
    this.#host = host;
    this.#function = entry;
  }

  /** Balances the load until the process ends. */
  async run(): Promise<void> {
    const { process, world } = this.#host;
    const { name } = this.#function;
    while (process.isAlive) {
      await process
        .call({ step: `claim partitions of ${name}`, effect: () => this.#claim(), ...STORAGE })
        .then((owned) => this.#receive(owned))
        .catch(() => undefined);
      await process.runtime.delay(BALANCE_MS * world.dice.between(`${process.name} balance`, 0.7, 1.3));
    }
  }

  /** Claims partitions that nobody owns, renews those of this process, and takes a fair share of the others. */
  #claim(): ReadonlySet<string> {
    const { world, process, hub } = this.#host;
    const group = this.#function.options.consumerGroup ?? '';
    const owned = new Set<string>();
    const isMine = (partition: string) => hub.owners.get(`${group}/${partition}`)?.owner === process.name;
    const mine = PARTITIONS.filter(isMine).length;
    for (const partition of PARTITIONS) {
      const held = hub.owners.get(`${group}/${partition}`);
      const isFree = held === undefined || held.until <= world.passed;
      const isFair = mine + owned.size === 0 && held !== undefined && ownedBy(hub, group, held.owner) > 1;
      const takes = isFree || isMine(partition) || isFair;
      if (!takes && !world.fault('partition stolen', process.name, this.#function.name)) continue;
      hub.owners.set(`${group}/${partition}`, { owner: process.name, until: world.passed + OWNERSHIP_MS });
      owned.add(partition);
    }
    return owned;
  }

  /** Starts and stops receivers. */
  #receive(owned: ReadonlySet<string>): void {
    for (const partition of PARTITIONS) {
      const receiver = this.#receivers.get(partition);
      if (!owned.has(partition)) {
        receiver?.lose();
        this.#receivers.delete(partition);
      } else if (receiver === undefined) {
        const started = new PartitionReceiver(this.#host, this.#function, partition);
        this.#receivers.set(partition, started);
        void started.run();
      }
    }
  }
}

const ownedBy = (hub: SimulatedHub, group: string, owner: string): number =>
  PARTITIONS.filter((partition) => hub.owners.get(`${group}/${partition}`)?.owner === owner).length;

/** Delivers the events of one partition: one batch after the other, each until it succeeds. */
class PartitionReceiver {
  readonly #host: TriggerHost;
  readonly #function: EventHubFunction;
  readonly #partition: string;
  readonly #key: string;
  #lost = false;
  #wake: (() => void) | undefined;

  constructor(host: TriggerHost, entry: EventHubFunction, partition: string) {
    this.#host = host;
    this.#function = entry;
    this.#partition = partition;
    this.#key = `${entry.options.consumerGroup}/${partition}`;
  }

  /** Another process owns the partition. The current batch goes on. */
  lose(): void {
    this.#lost = true;
    this.#wake?.();
  }

  async run(): Promise<void> {
    const { process, hub } = this.#host;
    const stopListening = hub.listen((partition) => {
      if (partition === this.#partition) this.#wake?.();
    });
    void process.crashed.then(stopListening);
    for (let position = await this.#readCheckpoint(); !this.#lost; ) {
      const batch = await this.#nextBatch(position);
      const last = batch.at(-1);
      if (last === undefined) continue;
      await this.#deliver(batch);
      position = last.sequenceNumber;
      hub.processed.set(this.#key, Math.max(position, hub.processed.get(this.#key) ?? -1));
      await this.#writeCheckpoint(position);
    }
    stopListening();
  }

  async #readCheckpoint(): Promise<number> {
    const { process, hub, world } = this.#host;
    const read = () => hub.checkpoints.get(this.#key) ?? -1;
    for (;;) {
      try {
        const found = await process.call({ step: 'read checkpoint', effect: read, ...STORAGE });
        if (found < 0 || !world.fault('old checkpoint', process.name, this.#function.name)) return found;
        return world.dice.integer(`${process.name} ${this.#key} old checkpoint`, -1, found);
      } catch {
        await process.runtime.delay(RETRY.firstMs);
      }
    }
  }

  /** Waits for events after a position. Empty when the partition was lost. */
  async #nextBatch(position: number): Promise<readonly HubEvent[]> {
    const { world, process, hub } = this.#host;
    for (;;) {
      const events = hub.after(this.#partition, position);
      if (this.#lost) return [];
      if (events.length > 0) {
        return events.slice(0, world.dice.integer(`${process.name} ${this.#key} batch`, 1, MAX_BATCH));
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await process.runtime.delay(world.dice.between(`${process.name} ${this.#key} receive`, 1, 30));
    }
  }

  /** Invokes the function until it succeeds, as its retry policy says. */
  async #deliver(batch: readonly HubEvent[]): Promise<void> {
    const { process, world } = this.#host;
    const { name, options } = this.#function;
    const numbers = batch.map(({ sequenceNumber }) => sequenceNumber);
    for (let attempt = 1; ; attempt++) {
      world.note(process.name, `${name} ${this.#partition} gets ${numbers.join(' ')}`);
      try {
        await options.handler(
          batch.map(({ body }) => body),
          this.#context(batch),
        );
        world.note(process.name, `${name} ${this.#partition} has done ${numbers.join(' ')}`);
        return;
      } catch (error) {
        world.note(
          process.name,
          `${name} ${this.#partition} failed: ${error instanceof Error ? error.message : error}`,
        );
        await process.runtime.delay(Math.min(RETRY.firstMs * 2 ** (attempt - 1), RETRY.maxMs));
      }
    }
  }

  #context(batch: readonly HubEvent[]): InvocationContext {
    const { process, world, hub } = this.#host;
    const { name, options } = this.#function;
    return new InvocationContext({
      functionName: name,
      logHandler: (level, ...args) => {
        if (level !== 'information') world.note(process.name, `${name} logs: ${args.join(' ')}`);
      },
      triggerMetadata: {
        partitionContext: {
          eventHubName: hub.name,
          consumerGroup: options.consumerGroup,
          partitionId: this.#partition,
        },
        sequenceNumberArray: batch.map(({ sequenceNumber }) => sequenceNumber),
        enqueuedTimeUtcArray: batch.map(({ enqueuedAt }) => enqueuedAt.toISOString()),
        propertiesArray: batch.map(({ properties }) => properties),
      },
    });
  }

  /** An owner that has lost the partition writes none, unless it does not know yet. */
  async #writeCheckpoint(sequenceNumber: number): Promise<void> {
    const { process, hub, world } = this.#host;
    if (this.#lost && !world.fault('checkpoint of a lost owner', process.name, this.#function.name)) return;
    const write = () => void hub.checkpoints.set(this.#key, sequenceNumber);
    await process.call({ step: 'write checkpoint', effect: write, ...STORAGE }).catch(() => undefined);
  }
}
