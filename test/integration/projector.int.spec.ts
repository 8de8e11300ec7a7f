import { type Container, CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers, READ_DATABASE } from '../../local/read-database.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import type { DeadLetter } from '../../src/shared/read-models/dead-letters.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { cosmosDeadLetters, toDeadLetter } from '../../src/sync/dead-letters/dead-letters.ts';
import { waitingRecorder } from '../../src/sync/dead-letters/record-waiting-timer.ts';
import { findWaiting } from '../../src/sync/dead-letters/stored-dead-letters.ts';
import { orderDetails } from '../../src/sync/projections/order-details.ts';
import { cosmosDocumentStore } from '../../src/sync/projector/cosmos-document-store.ts';
import { projectBatch } from '../../src/sync/projector/projector.ts';
import { customerChanged, customerRegistered, orderPlaced } from '../support/events/events.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';
import type { OrderDocument } from '../support/projections/order-pages.ts';
import { recordMetrics } from '../support/recorded-metrics.ts';
import { uniqueId } from '../support/system/api-client.ts';

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let documents: Container;
let deadLetters: Container;

beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
  client = new CosmosClient(cosmosDb.connectionString);
  const database = client.database(READ_DATABASE);
  documents = database.container(ORDER_DETAILS.name);
  deadLetters = database.container(DEAD_LETTERS.name);
});
beforeEach(() => cosmosDb.requests.reset());
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

const metrics = recordMetrics();
const runtime = { ...systemRuntime, now: () => Date.parse('2026-01-15T10:30:01.000Z') };
let sequenceNumber = 0;

/** Projects bodies as one batch from partition 0. */
const project = (bodies: readonly string[], projection: typeof orderDetails = orderDetails) =>
  projectBatch(
    bodies.map((body) => ({ body, partitionId: '0', sequenceNumber: ++sequenceNumber })),
    projection,
    {
      documents: cosmosDocumentStore<OrderDocument>(documents, ORDER_DETAILS, runtime),
      deadLetters: cosmosDeadLetters(deadLetters, runtime),
      customerKeys: noCustomerKeys,
      runtime,
    },
  );

const read = async (id: string) => (await documents.item(id, id).read()).resource;
/** The versions in the history of an order. */
const historyOf = async (id: string) =>
  (await read(id)).history.map(({ version }: { readonly version: number }) => version);
const newOrders = (count: number) =>
  Array.from({ length: count }, () => orderPlaced({ aggregateId: uniqueId('order') }));
const deadLettersWith = async (text: string) => {
  const query = {
    query: 'SELECT * FROM c WHERE CONTAINS(c.event, @text)',
    parameters: [{ name: '@text', value: text }],
  };
  return (await deadLetters.items.query(query).fetchAll()).resources;
};

describe('a batch', () => {
  it('of new orders costs one bulk write, and one read of their customers', async () => {
    const events = newOrders(49);
    await project(events.map((event) => JSON.stringify(event)));
    expect(cosmosDb.requests.count()).toBe(2);
    expect(cosmosDb.requests.operations()).toBe(49 + 1);
    expect(await read(events[48]?.aggregateId ?? '')).toMatchObject({
      version: 1,
      projectedAt: '2026-01-15T10:30:01.000Z',
    });
  });

  it('of duplicates writes nothing', async () => {
    const body = JSON.stringify(newOrders(1)[0]);
    await project([body]);
    cosmosDb.requests.reset();
    await project([body, body]);
    expect(cosmosDb.requests.count()).toBe(1);
  });

  it('writes each document once, even for several of its events', async () => {
    const aggregateId = uniqueId('order');
    const versions = [3, 1, 2].map((version) => JSON.stringify(orderPlaced({ aggregateId, version })));
    await project(versions);
    // A late version changes nothing on the page but its history.
    expect(cosmosDb.requests.operations({ operation: 'Bulk' })).toBe(1 + 1 + 1);
    expect(await historyOf(aggregateId)).toEqual([1, 2, 3]);
  });

  it('skips events of unknown types and of other aggregates', async () => {
    const unknown = JSON.stringify({ eventType: 'OrderTeleported', anything: true });
    expect((await project([unknown, JSON.stringify(customerRegistered())])).projected).toHaveLength(1);
    expect(cosmosDb.requests.count()).toBe(0);
  });
});

describe('a poison event', () => {
  it.each<[string, string, string]>([
    ['that is not JSON', '{"eventType": "Order', 'it is not a JSON object with an eventType'],
    ['that is JSON but not an event', '[1,2,3]', 'it is not a JSON object with an eventType'],
    [
      'that lacks a field',
      JSON.stringify({ ...orderPlaced(), order: undefined, eventId: '4e1f7f0a-58bb-4b0e-9f2a-7a8a6d5f3c21' }),
      'order',
    ],
  ])('%s becomes a dead letter unchanged, and the other events are projected', async (_name, poison, reason) => {
    const [first, second] = newOrders(2);
    await project([JSON.stringify(first), poison, JSON.stringify(second)]);
    expect(await read(first?.aggregateId ?? '')).toMatchObject({ version: 1 });
    expect(await read(second?.aggregateId ?? '')).toMatchObject({ version: 1 });
    const [letter] = await deadLettersWith(poison.slice(0, 40));
    expect(letter).toMatchObject({ readModel: 'order_details', event: poison, status: 'waiting', attempts: 1 });
    expect(letter.reason).toContain(reason);
  });

  it('that the projection fails on becomes a dead letter and does not block later events of the order', async () => {
    const aggregateId = uniqueId('order');
    const failing: typeof orderDetails = {
      ...orderDetails,
      apply: (documents, event, partitionKey) => {
        if (event.version === 1) throw new Error('cannot handle version 1');
        return orderDetails.apply(documents, event, partitionKey);
      },
    };
    const bodies = [1, 2].map((version) => JSON.stringify(orderPlaced({ aggregateId, version })));
    await project(bodies, failing);
    expect((await read(aggregateId)).version).toBe(2);
    expect((await deadLettersWith(aggregateId)).map(({ reason }) => reason)).toEqual([
      'the projection failed: cannot handle version 1',
    ]);
  });

  it('is stored once when its batch is redelivered', async () => {
    const body = `no event: ${uniqueId('poison')}`;
    const batch = [{ body, partitionId: '0', sequenceNumber: ++sequenceNumber }];
    const dependencies = {
      documents: cosmosDocumentStore<OrderDocument>(documents, ORDER_DETAILS, runtime),
      deadLetters: cosmosDeadLetters(deadLetters, runtime),
      customerKeys: noCustomerKeys,
      runtime,
    };
    await projectBatch(batch, orderDetails, dependencies);
    await projectBatch(batch, orderDetails, dependencies);
    expect(await deadLettersWith(body)).toHaveLength(1);
  });
});

describe('the count of waiting dead letters', () => {
  const redriveAll = async () => {
    const { resources } = await deadLetters.items.query<DeadLetter>('SELECT * FROM c').fetchAll();
    for (const letter of resources) {
      await deadLetters.item(letter.id, letter.readModel).replace({ ...letter, status: 'redriven' });
    }
  };

  it('has each read model and reason without details, and is 0 once they wait no longer', async () => {
    const attributes = { read_model: 'order_details', reason: 'it is not a JSON object with an eventType' };
    const recordWaiting = waitingRecorder(deadLetters);
    await redriveAll();
    await project(['no event: 1', 'no event: 2']);

    await recordWaiting();
    await redriveAll();
    await recordWaiting();

    expect(metrics.of('cqrs.dead_letters_waiting')).toEqual([
      { value: 2, attributes },
      { value: 0, attributes },
    ]);
  });
});

describe('the search for dead letters to redrive', () => {
  it.each([
    ['all read models', undefined],
    ['one read model', 'sales_daily'],
  ])('in %s finds all of them once, those first that were tried longest ago', async (_where, readModel) => {
    const reason = uniqueId('reason');
    const add = async (index: number, lastTried: string) => {
      const poison = { body: 'no event', reason, partitionId: '0', sequenceNumber: ++sequenceNumber };
      const model = readModel ?? ['sales_daily', 'catalogue'][index % 2] ?? '';
      await deadLetters.items.create({ ...toDeadLetter(model, poison, '2026-01-15T10:00:00.000Z'), lastTried });
    };
    for (let index = 0; index < 100; index++) await add(index, '2026-01-15T12:00:00.000Z');
    for (let index = 0; index < 20; index++) await add(index, '2026-01-15T11:00:00.000Z');

    const found: DeadLetter[] = [];
    for await (const { _etag, ...letter } of findWaiting(deadLetters, { readModel, reason })) {
      found.push(letter);
      await deadLetters.items.upsert({ ...letter, lastTried: '2026-01-15T13:00:00.000Z' });
    }

    expect(found.map(({ lastTried }) => lastTried.slice(11, 13))).toEqual([
      ...Array(20).fill('11'),
      ...Array(100).fill('12'),
    ]);
  });
});

describe('a fault of Cosmos DB', () => {
  it('that is retried is counted with its reason', async () => {
    const stop = cosmosDb.injectFault({ status: 429, retryAfterMs: 20, times: 1, bulkOperations: 1 });
    await project(newOrders(1).map((event) => JSON.stringify(event)));
    stop();
    const attributes = { component: 'read-database', reason: 'throttled' };
    expect(metrics.of('cqrs.retries')).toEqual([{ value: 1, attributes }]);
  });

  it.each<[string, Parameters<CosmosDbServer['injectFault']>[0]]>([
    ['a throttled request', { status: 429, retryAfterMs: 20, times: 2 }],
    ['some throttled operations of a bulk', { status: 429, retryAfterMs: 20, times: 2, bulkOperations: 3 }],
    ['an unavailable service', { status: 503, times: 2 }],
    ['a dropped connection', { dropConnection: true, times: 1 }],
    ['an answer that is lost after the write', { loseAnswer: true, times: 1 }],
  ])('that is temporary loses no event: %s', async (_name, fault) => {
    const events = newOrders(5);
    const stop = cosmosDb.injectFault(fault);
    await project(events.map((event) => JSON.stringify(event)));
    stop();
    for (const { aggregateId } of events) expect(await read(aggregateId)).toMatchObject({ version: 1 });
  });

  it('that persists is thrown, so that the trigger redelivers the batch', async () => {
    const [event] = newOrders(1);
    const stop = cosmosDb.injectFault({ status: 429, retryAfterMs: 1, bulkOperations: 100 });
    await expect(project([JSON.stringify(event)])).rejects.toMatchObject({ code: 'transient-fault' });
    stop();
    await project([JSON.stringify(event)]);
    expect(await read(event?.aggregateId ?? '')).toMatchObject({ version: 1 });
  });
});

describe('a change of a customer', () => {
  const ordersOf = async (customerId: string, count: number) => {
    const events = newOrders(count).map((event) => ({ ...event, order: { ...event.order, customerId } }));
    await project(events.map((event) => JSON.stringify(event)));
    cosmosDb.requests.reset();
    return events.map(({ aggregateId }) => aggregateId);
  };
  const renamed = (aggregateId: string) => [
    JSON.stringify(customerChanged({ aggregateId, version: 2 }, 'Ada King')),
    JSON.stringify(customerChanged({ aggregateId, version: 3 }, 'Countess Lovelace')),
  ];

  it('costs a read and a write of the marker, one query, and a read and a write per 99 orders', async () => {
    const [ada, grace] = [uniqueId('ada'), uniqueId('grace')];
    const others = await ordersOf(grace, 1);
    const orderIds = await ordersOf(ada, 99);
    await project(renamed(ada));
    expect(cosmosDb.requests.count({ operation: 'Query' })).toBe(1);
    expect(cosmosDb.requests.count()).toBe(5);
    for (const id of orderIds) expect(await read(id)).toMatchObject({ customerName: 'Countess Lovelace', revision: 1 });
    for (const id of others) expect(await read(id)).toMatchObject({ customerName: 'Ada Lovelace' });
  });

  it('that is redelivered is checked again and writes nothing', async () => {
    const ada = uniqueId('ada');
    const [orderId = ''] = await ordersOf(ada, 1);
    await project(renamed(ada));
    const before = await read(orderId);
    cosmosDb.requests.reset();
    await project(renamed(ada));
    expect(cosmosDb.requests.count()).toBe(2);
    expect(await read(orderId)).toEqual(before);
  });

  it('reaches more orders than one page of the query holds', async () => {
    const ada = uniqueId('ada');
    const orderIds = await ordersOf(ada, 250);
    await project(renamed(ada));
    const names = await Promise.all(orderIds.map(async (id) => (await read(id)).customerName));
    expect(new Set(names)).toEqual(new Set(['Countess Lovelace']));
  });

  it('that wrote only its marker before a fault reaches the orders when the batch is redelivered', async () => {
    const ada = uniqueId('ada');
    const [orderId = ''] = await ordersOf(ada, 1);
    const stop = cosmosDb.injectFault({ operation: 'Query', status: 500 });
    await expect(project(renamed(ada))).rejects.toMatchObject({ code: 'transient-fault' });
    stop();
    expect(await read(`!customer-${ada}`)).toMatchObject({ customerVersion: 3 });
    expect(await read(orderId)).toMatchObject({ customerName: 'Ada Lovelace' });
    await project(renamed(ada));
    expect(await read(orderId)).toMatchObject({ customerName: 'Countess Lovelace' });
  });

  it('that erases the customer removes their personal data and leaves the version of the order unchanged', async () => {
    const ada = uniqueId('ada');
    const [orderId = ''] = await ordersOf(ada, 1);
    await project([JSON.stringify(customerChanged({ aggregateId: ada, version: 2 }))]);
    const document = await read(orderId);
    expect(document).toMatchObject({ customerErased: true, version: 1, revision: 1 });
    expect(JSON.stringify(document)).not.toMatch(/Lovelace|Main St/);
  });
});

describe('two hosts on one document', () => {
  it('do not lose each other’s events', async () => {
    const aggregateId = uniqueId('order');
    const versions = [1, 2, 3, 4];
    await Promise.all(versions.map((version) => project([JSON.stringify(orderPlaced({ aggregateId, version }))])));
    expect(await read(aggregateId)).toMatchObject({ version: 4 });
    expect(await historyOf(aggregateId)).toEqual(versions);
  });
});
