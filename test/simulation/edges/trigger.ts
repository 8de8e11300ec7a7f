import type { EventHubFunction } from '../../../src/shared/functions/app-function.ts';
import { PARTITIONS, type SimulatedHub } from './hub.ts';
import { PartitionReceiver, STORAGE, type TriggerHost } from './partition-receiver.ts';

/** Kinds of faults of the trigger and its storage. */
export const TRIGGER_FAULTS = {
  'partition stolen': 0.04,
  'checkpoint of a lost owner': 0.3,
  'old checkpoint': 0.03,
  'storage unavailable': 0.02,
};

/** Milliseconds between two rounds of load balancing, and until an ownership expires that is not renewed. */
const BALANCE_MS = 10_000;
const OWNERSHIP_MS = 30_000;
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
