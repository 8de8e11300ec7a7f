import { CosmosClient } from '@azure/cosmos';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Simulation, Station } from '../../bench/queueing.ts';
import { orderEvents } from '../../bench/read-side.ts';
import { containerDefinition } from '../../local/container-definition.ts';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { DEAD_LETTERS, ORDER_SEARCH } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { cosmosDeadLetters } from '../../src/sync/dead-letters/dead-letters.ts';
import { orderSearch } from '../../src/sync/projections/order-search.ts';
import { cosmosDocumentStore } from '../../src/sync/projector/cosmos-document-store.ts';
import { projectBatch } from '../../src/sync/projector/projector.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';

const BUDGET = 40;
const SECONDS = 20;
const MAX_BATCH = 10;
/** Events per second: fewer and more than the request units suffice for. */
const SLOWEST = 3;
const FASTEST = 12;

let events: readonly EventEnvelope[];
beforeAll(async () => {
  events = (await orderEvents(FASTEST * SECONDS, 'agreement')).confirmed;
});

/** What happens in a simulated time to events that arrive at a rate. */
interface Outcome {
  readonly projected: number;
  readonly waiting: number;
  readonly requestUnitsPerEvent: number;
}

/**
 * Projects events in batches, as the trigger does, into a container of the stand-in with few request units per second. Only waiting for
 * request units takes time.
 */
async function project(perSecond: number): Promise<Outcome> {
  const start = Date.UTC(2026, 0, 15);
  let passed = 0;
  const runtime = {
    ...systemRuntime,
    now: () => start + passed,
    delay: async (ms: number) => {
      passed += ms;
    },
  };
  const cosmosDb = await startCosmosDb({ port: 0, requestUnitsPerSecond: BUDGET, now: runtime.now });
  const client = new CosmosClient(cosmosDb.connectionString);
  onTestFinished(async () => {
    client.dispose();
    await cosmosDb.close();
  });
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  for (const container of [ORDER_SEARCH, DEAD_LETTERS]) {
    await database.containers.createIfNotExists(containerDefinition(container));
  }
  const dependencies = {
    documents: cosmosDocumentStore<NonNullable<ReturnType<typeof orderSearch.documentOf>>>(
      database.container(ORDER_SEARCH.name),
      ORDER_SEARCH,
      runtime,
    ),
    deadLetters: cosmosDeadLetters(database.container(DEAD_LETTERS.name), runtime),
    customerKeys: noCustomerKeys,
    runtime,
  };
  let projected = 0;
  while (passed < SECONDS * 1_000) {
    const arrived = Math.floor((passed / 1_000) * perSecond);
    const batch = events.slice(projected, Math.min(arrived, projected + MAX_BATCH));
    if (batch.length === 0) {
      passed += 1_000 / perSecond;
      continue;
    }
    const received = batch.map((event, index) => ({
      body: JSON.stringify(event),
      partitionId: '0',
      sequenceNumber: projected + index,
    }));
    await projectBatch(received, orderSearch, dependencies);
    projected += batch.length;
  }
  return {
    projected,
    waiting: SECONDS * perSecond - projected,
    requestUnitsPerEvent: cosmosDb.requests.requestCharge() / projected,
  };
}

/** The same in the queueing model. */
function simulate(perSecond: number, requestUnitsPerEvent: number): Pick<Outcome, 'projected' | 'waiting'> {
  const simulation = new Simulation();
  const station = new Station(simulation, { maxBatch: MAX_BATCH, seconds: (requestUnits) => requestUnits / BUDGET });
  let projected = 0;
  for (let index = 0; index < SECONDS * perSecond; index++) {
    simulation.after(index / perSecond, () => station.arrive(requestUnitsPerEvent, () => projected++));
  }
  simulation.runUntil(SECONDS);
  return { projected, waiting: SECONDS * perSecond - projected };
}

describe('the queueing model and the projector, when request units are what there is too little of', () => {
  it('agree that no queue grows while the container has enough', async () => {
    const { waiting, requestUnitsPerEvent } = await project(SLOWEST);
    expect(waiting).toBeLessThan(MAX_BATCH);
    expect(simulate(SLOWEST, requestUnitsPerEvent).waiting).toBeLessThan(MAX_BATCH);
  });

  it('agree on how many events are projected, and how many wait, when it has not', async () => {
    const actual = await project(FASTEST);
    const model = simulate(FASTEST, actual.requestUnitsPerEvent);
    expectNear(actual.projected / model.projected);
    expectNear(actual.waiting / model.waiting);
  });
});

/** The stand-in counts request units per whole second, and lets the last request of a second through. */
function expectNear(ratio: number): void {
  expect(ratio).toBeGreaterThan(0.7);
  expect(ratio).toBeLessThan(1.4);
}
