import { CosmosClient } from '@azure/cosmos';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containerDefinition } from '../../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { EXPECTED_VERSION } from '../../src/commands/http/if-match.ts';
import { getCustomer } from '../../src/queries/customers/get-customer.ts';
import { CUSTOMER_ORDERS, DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { customerChanged, customerRegistered } from '../support/events/events.ts';
import { projectBodies } from '../support/projections/project-batch.ts';

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  client = new CosmosClient(cosmosDb.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  for (const container of [CUSTOMER_ORDERS, DEAD_LETTERS]) {
    await database.containers.createIfNotExists(containerDefinition(container));
  }
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

const { handler } = getCustomer({
  authenticate: async () => ({ userId: 'an-admin', roles: new Set(['admin']), customerId: undefined }),
  get database() {
    return client.database('orders');
  },
  runtime: systemRuntime,
});

/** The status of GET /customers/{customerId}, with its ETag and when the customer was last updated. */
async function get(customerId: string, etag?: string) {
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  const url = `http://localhost/api/customers/${customerId}`;
  const request = new HttpRequest({ method: 'GET', url, params: { customerId }, headers });
  const context = new InvocationContext({ functionName: 'getCustomer', logHandler: () => undefined });
  const response = Object(await handler(request, context));
  return { status: response.status, etag: response.headers.etag, lastUpdated: response.jsonBody?.lastUpdated };
}

it('the ETag of a customer changes when a late event changes the document without changing a version', async () => {
  const first = customerRegistered({ version: 1, timestamp: '2026-01-15T10:30:03.000Z' });
  const second = customerChanged({ version: 2, timestamp: '2026-01-15T10:30:01.000Z' });
  const project = (event: object) =>
    projectBodies({
      readModel: CUSTOMER_ORDERS.name,
      cosmosDb: cosmosDb.connectionString,
      batch: [JSON.stringify(event)],
    });
  await project(second);
  const before = await get(first.aggregateId);
  expect(before).toMatchObject({ status: 200, lastUpdated: second.timestamp });

  await project(first);

  const after = await get(first.aggregateId, before.etag);
  expect(after).toMatchObject({ status: 200, lastUpdated: first.timestamp });
  expect(after.etag).not.toBe(before.etag);
  expect(after.etag).toMatch(EXPECTED_VERSION);
  expect((await get(first.aggregateId, after.etag)).status).toBe(304);
});
