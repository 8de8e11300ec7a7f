import { CosmosClient, type Database } from '@azure/cosmos';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers, READ_DATABASE } from '../../local/read-database.ts';
import { orderReader } from '../../src/queries/orders/order-reader.ts';
import { waitForVersion } from '../../src/queries/orders/wait-for-version.ts';
import type { Actor } from '../../src/shared/auth/authenticate.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { documentId } from '../../src/shared/read-models/document-id.ts';
import { cosmosDeadLetters } from '../../src/sync/dead-letters/dead-letters.ts';
import { orderDetails } from '../../src/sync/projections/order-details.ts';
import { cosmosDocumentStore } from '../../src/sync/projector/cosmos-document-store.ts';
import { projectBatch } from '../../src/sync/projector/projector.ts';
import { largestEvents } from '../support/events/largest-events.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';
import type { OrderDocument } from '../support/projections/order-pages.ts';
import { instantTime, simulatedRuntime } from '../support/simulated-runtime.ts';

/** An order with every field at its limit that has been changed more often than a page of the history holds. */
const VERSIONS = 503;
const BATCH = 20;
const { customerId, orderId } = largestEvents('字', 1)[0]?.order ?? { customerId: '', orderId: '' };
const { name: container } = ORDER_DETAILS;

const runtime = simulatedRuntime();
const caller = (role: 'admin' | 'customer', id?: string): Actor => ({
  userId: 'user',
  roles: new Set([role]),
  customerId: id,
});

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;
let deadLetters = 0;

beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
  client = new CosmosClient(cosmosDb.connectionString);
  database = client.database(READ_DATABASE);
  const dependencies = {
    documents: cosmosDocumentStore<OrderDocument>(database.container(container), ORDER_DETAILS, runtime),
    deadLetters: cosmosDeadLetters(database.container(DEAD_LETTERS.name), runtime),
    customerKeys: noCustomerKeys,
    runtime,
  };
  const received = largestEvents('字', VERSIONS).map((event, sequenceNumber) => ({
    body: JSON.stringify(event),
    partitionId: '0',
    sequenceNumber,
  }));
  for (let start = 0; start < received.length; start += BATCH) {
    const batch = await projectBatch(received.slice(start, start + BATCH), orderDetails, dependencies);
    deadLetters += batch.deadLetters.length;
  }
});
beforeEach(() => cosmosDb.requests.reset());
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

describe('an order at all limits with more changes than a page of the history holds', () => {
  it('is projected without a dead letter', async () => {
    expect(deadLetters).toBe(0);
    const { resource } = await database.container(container).item(documentId(orderId), documentId(orderId)).read();
    expect(resource).toMatchObject({ version: VERSIONS });
  });

  it('is read with a page of its history in one request', async () => {
    const found = await orderReader({ database }, orderId, caller('admin')).pageAndHistory(0);
    expect(cosmosDb.requests.count({ container })).toBe(1);
    expect(found?.order.version).toBe(VERSIONS);
    expect(found?.entries.map(({ version }) => version)).toEqual(Array.from({ length: 501 }, (_, index) => index + 1));
  });

  it('has the rest of its history in the next page', async () => {
    const found = await orderReader({ database }, orderId, caller('admin')).pageAndHistory(500);
    expect(cosmosDb.requests.count({ container })).toBe(1);
    expect(found?.entries.map(({ version }) => version)).toEqual([501, 502, 503]);
  });

  it('is read by its own customer', async () => {
    const reader = orderReader({ database }, orderId, caller('customer', customerId));
    expect((await reader.pageAndHistory(0))?.entries).toHaveLength(501);
  });

  it('costs the minimum of a query when the caller may not see it', async () => {
    const reader = orderReader({ database }, orderId, caller('customer', 'stranger'));
    expect(await reader.pageAndHistory(0)).toBeUndefined();
    expect(cosmosDb.requests.count({ container })).toBe(1);
    expect(cosmosDb.requests.requestCharge({ container })).toBeLessThan(3);
  });

  it('is not read while a request waits for its next version', async () => {
    const reader = orderReader({ database }, orderId, caller('admin'));
    const read = vi.fn(async () => undefined);
    const awaited = { version: VERSIONS + 1, read, isDone: () => false, waitMs: 5_000 };
    await waitForVersion({ ...runtime, ...instantTime() }, reader, awaited);
    expect(read).toHaveBeenCalledTimes(1);
    expect(cosmosDb.requests.requestCharge({ container })).toBe(cosmosDb.requests.count({ container }));
  });
});
