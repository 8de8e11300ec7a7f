import { CosmosClient, type Database } from '@azure/cosmos';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { createContainers, READ_DATABASE } from '../../local/read-database.ts';
import { orderReader } from '../../src/queries/orders/order-reader.ts';
import { waitForVersion } from '../../src/queries/orders/wait-for-version.ts';
import type { Actor } from '../../src/shared/auth/authenticate.ts';
import { DEAD_LETTERS, ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { cosmosDeadLetters } from '../../src/sync/dead-letters/dead-letters.ts';
import { orderDetails } from '../../src/sync/projections/order-details.ts';
import { cosmosDocumentStore } from '../../src/sync/projector/cosmos-document-store.ts';
import { projectBatch } from '../../src/sync/projector/projector.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';
import type { OrderDocument } from '../support/projections/order-pages.ts';
import { instantTime, simulatedRuntime } from '../support/simulated-runtime.ts';

const runtime = simulatedRuntime();
const ADMIN: Actor = { userId: 'user', roles: new Set(['admin']), customerId: undefined };

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;

beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  await createContainers(cosmosDb.connectionString);
  client = new CosmosClient(cosmosDb.connectionString);
  database = client.database(READ_DATABASE);
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

/** A version of a draft with this many lines. */
const draft = (version: number, lines: number) => {
  const { order } = orderEvent('order-1', version);
  const items = Array.from({ length: lines }, (_, index) =>
    order.items.slice(0, 1).map((item) => ({ ...item, line: index + 1 })),
  ).flat();
  return orderEvent('order-1', version, { items, status: 'draft', placedAt: null });
};

async function project(event: ReturnType<typeof draft>): Promise<void> {
  const dependencies = {
    documents: cosmosDocumentStore<OrderDocument>(database.container(ORDER_DETAILS.name), ORDER_DETAILS, runtime),
    deadLetters: cosmosDeadLetters(database.container(DEAD_LETTERS.name), runtime),
    customerKeys: noCustomerKeys,
    runtime,
  };
  const received = [{ body: JSON.stringify(event), partitionId: '0', sequenceNumber: event.version }];
  expect((await projectBatch(received, orderDetails, dependencies)).deadLetters).toEqual([]);
}

it('a request that waits for a version is answered at once when the version has removed lines of a large order', async () => {
  await project(draft(1, 11));
  const reader = orderReader({ database }, 'order-1', ADMIN);
  expect((await reader.page())?.order.version).toBe(1);
  await project(draft(2, 10));
  const { delay, ...time } = instantTime();
  const waits = vi.fn(delay);
  const isDone = (found: Awaited<ReturnType<typeof reader.page>>) => found?.order.version === 2;
  const awaited = { version: 2, read: reader.page, isDone, waitMs: 5_000 };
  const found = await waitForVersion({ ...runtime, ...time, delay: waits }, reader, awaited);
  expect(found?.order.version).toBe(2);
  expect(waits).not.toHaveBeenCalled();
});
