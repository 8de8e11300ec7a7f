import { batchSeconds, type Demand, MAX_BATCH } from '../scripts/capacity/demand.ts';
import { type PlannedRead, READS } from '../scripts/capacity/reads.ts';
import type { Resource, Stage } from '../scripts/capacity/resource.ts';
import { consumerName, LIVE_CONSUMER_GROUPS } from '../src/shared/event-hubs/hub.ts';
import { Dice } from '../test/simulation/kernel/dice.ts';
import { Simulation, Station } from './queueing.ts';

/** What happened to the queue in front of a resource. */
export interface QueueReport {
  readonly id: string;
  readonly service: string;
  readonly what: string;
  /** Share of the time in which it was busy. */
  readonly utilization: number;
  /** Commands, events or reads that waited after half of the time, and at the end. */
  readonly waitingAtHalf: number;
  readonly waitingAtEnd: number;
  /** Whether the queue grew in the second half by more than chance explains. */
  readonly grows: boolean;
}

export interface ModelInput {
  readonly demand: Demand;
  readonly resources: readonly Resource[];
  /** What the system has of each resource. */
  capacityOf(resource: Resource): number;
  /** Simulated seconds. */
  readonly seconds: number;
  readonly seed: number;
}

/** Requests per second that are simulated one by one. Of a larger system, a slice is simulated: 1/k of the load and of each capacity. */
const SIMULATED_RATE = 400;
/** A queue grows if it keeps more than this share of what arrived in the second half, and more than a few. */
const KEPT_SHARE = 0.03;
const KEPT_LEAST = 20;

/**
 * Simulates the system as a network of queues: requests arrive at random; commands pass the gateway, the command app and the write
 * database; their events pass the hub and, in batches per partition, each consumer and its container; reads pass the query app and a
 * container. Returns a report per resource.
 */
export function simulateSystem(input: ModelInput): readonly QueueReport[] {
  const model = new Model(input);
  model.simulation.runUntil(input.seconds / 2);
  const half = model.observe();
  model.simulation.runUntil(input.seconds);
  return model.observe().map((end, index) => report(end, half[index] ?? end, model.slices, input.seconds));
}

interface Observation {
  readonly resource: Resource;
  readonly stations: number;
  readonly waiting: number;
  readonly arrived: number;
  readonly busySeconds: number;
}

function report(end: Observation, half: Observation, slices: number, seconds: number): QueueReport {
  const { id, service, what } = end.resource;
  const kept = end.waiting - half.waiting;
  return {
    ...{ id, service, what },
    utilization: Math.min(1, end.busySeconds / seconds / end.stations),
    waitingAtHalf: half.waiting * slices,
    waitingAtEnd: end.waiting * slices,
    grows: kept > KEPT_LEAST && kept > (end.arrived - half.arrived) * KEPT_SHARE,
  };
}

class Model {
  readonly simulation = new Simulation();
  readonly slices: number;
  readonly #input: ModelInput;
  readonly #dice: Dice;
  /** By resource: its stations. Only partitions have several. */
  readonly #stations = new Map<Resource, readonly Station[]>();
  readonly #partitions: number;

  constructor(input: ModelInput) {
    this.#input = input;
    this.#dice = new Dice(input.seed);
    const { commands, reads } = input.demand;
    const partitions = this.#ofStage('partition').reduce((sum, resource) => sum + input.capacityOf(resource), 0);
    this.slices = Math.max(1, Math.min(Math.floor(partitions), Math.ceil((commands + reads) / SIMULATED_RATE)));
    this.#partitions = Math.max(1, Math.round(partitions / this.slices));
    for (const resource of input.resources) {
      if (resource.stage !== 'limit') this.#stations.set(resource, this.#stationsOf(resource));
    }
    this.#arriveAt('command', commands / this.slices, () => this.#command());
    this.#arriveAt('read', reads / this.slices, () => this.#read());
  }

  observe(): readonly Observation[] {
    return [...this.#stations].map(([resource, stations]) => {
      const total = (of: (station: Station) => number) => stations.reduce((sum, station) => sum + of(station), 0);
      return {
        resource,
        stations: stations.length,
        waiting: total(({ waiting }) => waiting),
        arrived: total(({ arrived }) => arrived),
        busySeconds: total(({ busySeconds }) => busySeconds),
      };
    });
  }

  #ofStage(stage: Stage): readonly Resource[] {
    return this.#input.resources.filter((resource) => resource.stage === stage);
  }

  #stationsOf(resource: Resource): readonly Station[] {
    if (resource.stage !== 'partition') {
      const perSecond = this.#input.capacityOf(resource) / this.slices;
      return [new Station(this.simulation, { seconds: (units) => units / perSecond })];
    }
    const checkpoint = this.#ofStage('batch');
    const { eventBytes, events: perSecond } = this.#input.demand;
    const options = {
      maxBatch: MAX_BATCH,
      seconds: (events: number) => batchSeconds(events, eventBytes / perSecond),
      onBatch: () => this.#pass(checkpoint),
    };
    return Array.from(
      { length: LIVE_CONSUMER_GROUPS.length * this.#partitions },
      () => new Station(this.simulation, options),
    );
  }

  /** What one request, command, event, batch or read uses of a resource. */
  #unitsOf(resource: Resource): number {
    const { demand } = this.#input;
    const { commands, reads, events, checkpoints } = demand;
    const rates: Readonly<Record<Stage, number>> = {
      request: commands + reads,
      command: commands,
      publish: events,
      partition: events,
      'read-model': events,
      batch: checkpoints,
      read: reads,
      limit: 1,
    };
    const projecting = { ...demand, reading: {} };
    return resource.needed(projecting) / rates[resource.stage];
  }

  /** Calls back at random times. */
  #arriveAt(name: string, perSecond: number, arrive: () => void): void {
    if (perSecond === 0) return;
    const pause = () => -Math.log(1 - this.#dice.roll(name)) / perSecond;
    const next = () => {
      arrive();
      this.simulation.after(pause(), next);
    };
    this.simulation.after(pause(), next);
  }

  #command(): void {
    const path = [...this.#ofStage('request'), ...this.#ofStage('command'), ...this.#ofStage('publish')];
    this.#pass(path, () => {
      for (const [index, group] of LIVE_CONSUMER_GROUPS.entries()) this.#consume(consumerName(group), index);
    });
  }

  #consume(consumer: string, index: number): void {
    const partition = index * this.#partitions + this.#dice.integer('partition', 0, this.#partitions - 1);
    const ofReadModel = this.#ofStage('read-model').filter(({ readModel }) => readModel === consumer);
    for (const resource of this.#ofStage('partition')) {
      this.#stations.get(resource)?.[partition]?.arrive(1, () => this.#pass(ofReadModel));
    }
  }

  #read(): void {
    const { readModel, requestUnits } = pickRead(this.#dice.roll('which read'));
    this.#pass([...this.#ofStage('request'), ...this.#ofStage('read')], () => {
      for (const resource of this.#ofStage('read-model')) {
        if (resource.id !== `cosmos:${readModel}`) continue;
        this.#stations.get(resource)?.[0]?.arrive(requestUnits, () => {});
      }
    });
  }

  /** Passes one resource after the other. */
  #pass([first, ...rest]: readonly Resource[], done = () => {}): void {
    const station = first === undefined ? undefined : this.#stations.get(first)?.[0];
    if (first === undefined || station === undefined) done();
    else station.arrive(this.#unitsOf(first), () => this.#pass(rest, done));
  }
}

/** @param roll from 0 to 1: the read whose share it falls into */
function pickRead(roll: number): PlannedRead {
  let upTo = 0;
  for (const read of READS) {
    upTo += read.share;
    if (roll < upTo) return read;
  }
  throw new Error('The shares of the reads add up to less than one.');
}
