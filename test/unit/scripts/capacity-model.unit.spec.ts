import { describe, expect, it } from 'vitest';
import { localThroughput } from '../../../bench/capacity-agreement.ts';
import { simulateSystem } from '../../../bench/capacity-model.ts';
import { simulatePlanned, simulateRounds } from '../../../bench/capacity-simulation.ts';
import { Simulation, Station } from '../../../bench/queueing.ts';
import { breaksOf } from '../../../scripts/capacity/breaks.ts';
import { readCounted } from '../../../scripts/capacity/counted.ts';
import { demandOf } from '../../../scripts/capacity/demand.ts';
import type { Resource } from '../../../scripts/capacity/resource.ts';
import { resources } from '../../../scripts/capacity/resources.ts';
import { readTemplateSizes } from '../../../scripts/capacity/template-sizes.ts';

const counted = readCounted();
const sizes = readTemplateSizes();
const shape = { lines: 2, readsPerWrite: 1 };
const all = resources(sizes);
/** One of each stage. */
const withQueue = [...new Map(all.map((resource) => [resource.stage, resource])).values()].filter(
  ({ stage }) => stage !== 'limit',
);

describe('a station', () => {
  const served = (perSecond: number, seconds: number, maxBatch = 1) => {
    const simulation = new Simulation();
    const station = new Station(simulation, { maxBatch, seconds: () => 0.1 });
    let done = 0;
    for (let count = 0; count < perSecond * seconds; count++) {
      simulation.after(count / perSecond, () => station.arrive(1, () => done++));
    }
    simulation.runUntil(seconds);
    return { done, waiting: station.waiting, busySeconds: Math.round(station.busySeconds) };
  };

  it('serves everything while less arrives than it can serve', () => {
    expect(served(5, 20)).toEqual({ done: 100, waiting: 0, busySeconds: 10 });
  });

  it('is busy all the time, and lets the rest wait, when more arrives', () => {
    const { done, waiting, busySeconds } = served(20, 20);
    expect([done, waiting, busySeconds]).toEqual([expect.closeTo(200, -1), expect.closeTo(200, -1), 20]);
  });

  it('serves a batch in the time of one', () => {
    expect(served(20, 20, 10).waiting).toBeLessThanOrEqual(10);
  });
});

const PARTITIONS = 32;

/** The resources whose queues grow. */
function growing(ordersPerSecond: number, capacityOf: (resource: Resource, needed: number) => number, seconds = 6) {
  const demand = demandOf({ ...shape, ordersPerSecond }, counted, PARTITIONS);
  const reports = simulateSystem({
    demand,
    resources: all,
    capacityOf: (resource) => capacityOf(resource, resource.needed(demand)),
    seconds,
    seed: 1,
  });
  return reports.filter(({ grows }) => grows).map(({ id }) => id);
}

describe('the queueing model', () => {
  it('has bounded queues while everything has more than it needs', () => {
    expect(growing(1_000, ({ stage }, needed) => (stage === 'partition' ? PARTITIONS : needed * 1.3))).toEqual([]);
  });

  it.each(withQueue.map(({ id }) => id))('names %s when that is what there is too little of', (id) => {
    const plenty = (resource: Resource, needed: number) => (resource.stage === 'partition' ? PARTITIONS : needed * 3);
    expect(
      growing(1_000, (resource, needed) => (resource.id === id ? needed * 0.75 : plenty(resource, needed))),
    ).toEqual([id]);
  });

  it('agrees with the arithmetic on what runs out first as deployed, and when', () => {
    const [first] = breaksOf(shape, counted, sizes).filter(({ resource }) => resource.stage !== 'limit');
    const rate = first?.deployed ?? 0;
    const deployed = ({ deployed: capacity }: Resource) => capacity;
    // Long enough that random arrivals do not hide an excess of 15 %.
    expect(growing(rate * 0.9, deployed, 20)).toEqual([]);
    expect(growing(rate * 1.15, deployed, 20)).toContain(first?.resource.id);
  });

  it.each([1, 1_000, 100_000])('has bounded queues with the plan for %i orders per second', (ordersPerSecond) => {
    const reports = simulatePlanned({ ...shape, ordersPerSecond }, counted);
    expect(reports.filter(({ grows }) => grows)).toEqual([]);
  });

  it('finds every queue that runs out at a load, one behind the other', () => {
    const workload = { ...shape, ordersPerSecond: 400 };
    const found = simulateRounds(workload, counted)
      .flat()
      .map(({ id }) => id);
    const runOut = breaksOf(shape, counted, sizes).filter(
      ({ resource, deployed }) => resource.stage !== 'limit' && deployed < workload.ordersPerSecond / 1.1,
    );
    expect(found).toEqual(expect.arrayContaining(runOut.map(({ resource }) => resource.id)));
  });

  it('gives the same result for the same seed', () => {
    const demand = demandOf({ ...shape, ordersPerSecond: 50 }, counted, 16);
    const run = () =>
      simulateSystem({ demand, resources: all, capacityOf: ({ deployed }) => deployed, seconds: 4, seed: 7 });
    expect(run()).toEqual(run());
  });
});

describe('the model of the local system', () => {
  const costs = { perCommand: 4, perEventAndGroup: 0.5, perRead: 1, perCommandElsewhere: 2, commandsPerSecond: 0 };

  it('is limited by its slowest process on many cores', () => {
    // Nine groups take 4.5 ms per command.
    expect(localThroughput(costs, 100)).toBeCloseTo(1_000 / 4.5, -1);
  });

  it('is limited by the cores when there are few', () => {
    expect(localThroughput(costs, 1)).toBeCloseTo(1_000 / (2 + 4 + 4.5), -1);
  });
});
