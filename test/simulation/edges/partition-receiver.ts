import { InvocationContext } from '@azure/functions';
import type { EventHubFunction } from '../../../src/shared/functions/app-function.ts';
import type { Process } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import type { HubEvent, SimulatedHub } from './hub.ts';

/** What a trigger works with. */
export interface TriggerHost {
  readonly world: World;
  readonly process: Process;
  readonly hub: SimulatedHub;
}

/** Most events in one batch. */
const MAX_BATCH = 12;
/** The time (ms) until a batch is received: mostly short, sometimes so long that several events are in one batch. */
const RECEIVE = { maxMs: 1_500, skew: 3 };
/** Wait (ms) before the first retry of a batch, and the longest wait. */
const RETRY = { firstMs: 1_000, maxMs: 30_000 };

const storageFault = () => new Error('The storage account is unavailable.');
/** How calls to the storage account fail. */
export const STORAGE = { refusals: { 'storage unavailable': storageFault }, lost: storageFault };

/** Delivers the events of one partition: one batch after the other, each until it succeeds. */
export class PartitionReceiver {
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
      const luck = world.dice.roll(`${process.name} ${this.#key} receive`);
      await process.runtime.delay(1 + luck ** RECEIVE.skew * RECEIVE.maxMs);
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
