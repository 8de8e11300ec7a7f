import { CosmosClient, type Database } from '@azure/cosmos';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerDefinition } from '../../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { EXPECTED_VERSION } from '../../src/commands/http/if-match.ts';
import { getCustomer } from '../../src/queries/customers/get-customer.ts';
import { getOrder } from '../../src/queries/orders/get-order.ts';
import { createCallerLimits } from '../../src/queries/reading/caller-limits.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import type { HttpFunction } from '../../src/shared/functions/app-function.ts';
import { encryptEvent } from '../../src/shared/personal-data/event-encryption.ts';
import { ERASED } from '../../src/shared/personal-data/placeholders.ts';
import { type Container, CUSTOMER_ORDERS, ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { customerOrders } from '../../src/sync/projections/customer-orders.ts';
import { orderDetails } from '../../src/sync/projections/order-details.ts';
import type { Projection } from '../../src/sync/projections/projection.ts';
import { projectorOf } from '../../src/sync/projector/projector-of.ts';
import { customerChanged, customerRegistered } from '../support/events/events.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;
const createContainer = (container: Container) => database.containers.createIfNotExists(containerDefinition(container));

beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  client = new CosmosClient(cosmosDb.connectionString);
  ({ database } = await client.databases.createIfNotExists({ id: 'orders' }));
  await createContainer(CUSTOMER_ORDERS);
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

/** Projects events, or events as they are published, as a replay does. */
async function replay(projection: Projection<unknown>, ...events: readonly (EventEnvelope | string)[]): Promise<void> {
  const services = { database, customerKeys: noCustomerKeys, searchIndexers: [], runtime: systemRuntime };
  const received = events.map((event, sequenceNumber) => ({
    body: typeof event === 'string' ? event : JSON.stringify(event),
    partitionId: '0',
    sequenceNumber,
  }));
  expect((await projectorOf(services, projection).projectEvents(received)).poison).toEqual([]);
}

/** The app as an admin uses it. */
const app = () => ({
  authenticate: async () => ({ userId: 'an-admin', roles: new Set(['admin'] as const), customerId: undefined }),
  callerLimits: createCallerLimits(systemRuntime),
  database,
  runtime: systemRuntime,
});

/** The status, the ETag and the body of a document, which the client may have with an ETag already. */
async function get({ handler, operation }: HttpFunction, params: Record<string, string>, etag?: string, query = '') {
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  const url = `http://localhost/api/${operation.route}${query}`;
  const request = new HttpRequest({ method: 'GET', url, params, headers });
  const context = new InvocationContext({ functionName: operation.name, logHandler: () => undefined });
  const response = Object(await handler(request, context));
  return { status: response.status, etag: response.headers.etag, body: response.jsonBody };
}

it('the ETag of a customer changes when a late event changes the document without changing a version', async () => {
  const first = customerRegistered({ version: 1, timestamp: '2026-01-15T10:30:03.000Z' });
  const second = customerChanged({ version: 2, timestamp: '2026-01-15T10:30:01.000Z' }, 'Ada King');
  const read = (etag?: string) => get(getCustomer(app()), { customerId: first.aggregateId }, etag);
  await replay(customerOrders, second);
  const before = await read();
  expect(before).toMatchObject({ status: 200, body: { lastUpdated: second.timestamp } });

  await replay(customerOrders, first);

  const after = await read(before.etag);
  expect(after).toMatchObject({ status: 200, body: { lastUpdated: first.timestamp } });
  expect(after.etag).toMatch(EXPECTED_VERSION);
  expect((await read(after.etag)).status).toBe(304);
});

it.each(['', '?include=history'])(
  'no ETag from before an erasure is current after the read model was built from nothing: GET /orders/{orderId}%s',
  async (query) => {
    const ordered = orderEvent('order-1', 1);
    const read = (etag?: string) => get(getOrder(app()), { orderId: ordered.aggregateId }, etag, query);
    await createContainer(ORDER_DETAILS);
    await replay(orderDetails, ordered);
    const before = await read();
    expect(before).toMatchObject({ status: 200, etag: '"1"', body: { customerName: 'Ada Lovelace' } });

    await database.container(ORDER_DETAILS.name).delete();
    await createContainer(ORDER_DETAILS);
    await replay(orderDetails, encryptEvent(ordered, 'destroyed', systemRuntime));
    expect(await read(before.etag)).toMatchObject({ status: 200, body: { customerName: ERASED } });
    await replay(orderDetails, customerChanged({ aggregateId: ordered.order.customerId, version: 2 }));

    const after = await read(before.etag);
    expect(after).toMatchObject({ status: 200, body: { customerName: ERASED } });
    expect(after.etag).toMatch(EXPECTED_VERSION);
    expect((await read(after.etag)).status).toBe(304);
    await database.container(ORDER_DETAILS.name).delete();
  },
);
