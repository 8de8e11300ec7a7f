import type { EventHubFunction } from '../../../src/shared/functions/app-function.ts';
import { PARTITIONS } from './hub.ts';
import { PartitionReceiver, STORAGE, type TriggerHost } from './partition-receiver.ts';

/** Kinds of faults of the triggers and their storage. */
export const TRIGGER_FAULTS = {
  'partition stolen': 0.04,
  'ownership not renewed': 0.05,
  'checkpoint of a lost owner': 0.3,
  'old checkpoint': 0.03,
  'storage unavailable': 0.02,
};

/** Milliseconds between two rounds of load balancing, and until an ownership expires that is not renewed. */
const BALANCE_MS = 10_000;
const OWNERSHIP_MS = 30_000;

/** Runs the Event Hubs triggers of one process and one hub until the process ends. Their ownership is balanced at the same time. */
export async function runTriggers(host: TriggerHost, functions: readonly EventHubFunction[]): Promise<void> {
  const { process, world, hub } = host;
  const triggers = functions.map((entry) => new EventHubTrigger(host, entry));
  while (process.isAlive) {
    await process
      .call({
        step: `claim partitions of ${hub.name}`,
        effect: () => triggers.map((trigger) => [trigger, trigger.claim()] as const),
        ...STORAGE,
      })
      .then((claims) => {
        for (const [trigger, owned] of claims) trigger.receive(owned);
      })
      .catch(() => undefined);
    await process.runtime.delay(BALANCE_MS * world.dice.between(`${process.name} balance`, 0.7, 1.3));
  }
}

/** The Event Hubs trigger of one function in one process: claims partitions, and delivers their events. */
class EventHubTrigger {
  readonly #host: TriggerHost;
  readonly #function: EventHubFunction;
  readonly #receivers = new Map<string, PartitionReceiver>();

  constructor(host: TriggerHost, entry: EventHubFunction) {
    this.#host = host;
    this.#function = entry;
  }

  /** Claims partitions that nobody owns, renews those of this process, and takes a fair share of the others. */
  claim(): ReadonlySet<string> {
    const { world, process, hub } = this.#host;
    const owned = new Set<string>();
    const mine = PARTITIONS.filter((partition) => this.#isMine(partition)).length;
    for (const partition of PARTITIONS) {
      const isMine = this.#isMine(partition);
      const takes = isMine || this.#isFree(partition) || (mine + owned.size === 0 && this.#isSpare(partition));
      if (!takes && !world.fault('partition stolen', process.name, this.#function.name)) continue;
      owned.add(partition);
      // The process goes on with a partition that it does not renew, while another one may claim it.
      if (isMine && world.fault('ownership not renewed', process.name, this.#function.name)) continue;
      hub.owners.set(this.#key(partition), { owner: process.name, until: world.passed + OWNERSHIP_MS });
    }
    return owned;
  }

  /** Starts and stops receivers. */
  receive(owned: ReadonlySet<string>): void {
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

  #key(partition: string): string {
    return `${this.#function.options.consumerGroup}/${partition}`;
  }

  #ownerOf(partition: string): string | undefined {
    return this.#host.hub.owners.get(this.#key(partition))?.owner;
  }

  #isMine(partition: string): boolean {
    return this.#ownerOf(partition) === this.#host.process.name;
  }

  #isFree(partition: string): boolean {
    const held = this.#host.hub.owners.get(this.#key(partition));
    return held === undefined || held.until <= this.#host.world.passed;
  }

  /** True when the owner of a partition has several. */
  #isSpare(partition: string): boolean {
    const owner = this.#ownerOf(partition);
    return PARTITIONS.filter((other) => this.#ownerOf(other) === owner).length > 1;
  }
}
