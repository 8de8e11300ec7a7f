import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeEach, expect } from 'vitest';
import { operationsByApp } from '../../scripts/generate/load-operations.ts';
import { DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { countRows } from '../support/commands/write-store-rows.ts';
import { customerAndProduct, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let client: CosmosClient;
let ids: Readonly<Record<string, string>>;
let before: unknown;

it.beforeAll(async ({ shared }) => {
  system = shared;
  client = new CosmosClient(system.azure.cosmosDb.connectionString);
  const { customerId, productId } = await customerAndProduct(system.as('admin'));
  const order = { customerId, items: [{ productId, quantity: 1 }] };
  const { body } = await system.as('admin').post('/orders/drafts', order);
  ids = { customerId, productId, orderId: body.orderId, deadLetterId: 'none' };
  await addDeadLetter();
});
beforeEach(async () => {
  before = await state();
});
afterAll(async () => {
  client.dispose();
});

/** A dead letter that waits: a redrive of all would try it. */
async function addDeadLetter(): Promise<void> {
  const id = `order_details-0-${uniqueId('sequence')}`;
  const at = new Date().toISOString();
  const letter = { id, readModel: 'order_details', event: 'no JSON', partitionId: '0', sequenceNumber: 1, attempts: 1 };
  const rest = { reason: 'it is not JSON', firstSeen: at, lastTried: at, status: 'waiting', sortKey: `${at}|${id}` };
  await client
    .database('orders')
    .container(DEAD_LETTERS.name)
    .items.create({ ...letter, ...rest });
}

/** Everything that a command or an admin request could change. */
async function state() {
  const admin = system.as('admin');
  const [letters, replays] = [await admin.get('/admin/dead-letters'), await admin.get('/admin/replays')];
  // The figures of a replay that another test has started may still change.
  const replayIds = replays.body?.items.map(({ replayId }: { replayId: string }) => replayId);
  return { rows: countRows(system.writeStore), letters: letters.body, replayIds };
}

/** Sends a body without Content-Length. */
async function sendChunked(method: string, path: string): Promise<Response> {
  const token = await system.azure.issuer.sign({ roles: ['admin'], lifetime: 600 });
  return fetch(`${system.host.url}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: ReadableStream.from([new TextEncoder().encode('{"readModel":"sales_daily"}')]),
    duplex: 'half',
  });
}

const withBody = [...operationsByApp().keys()].filter(({ body }) => body !== undefined);

it('covers the operations that take a body', () => {
  const names = withBody.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['placeOrder', 'confirmOrder', 'startReplay', 'redriveDeadLetters']));
});

it.each(withBody)('$method /$route returns 411 for a chunked body and changes nothing', async ({ method, route }) => {
  const path = `/${route}`.replaceAll(/\{(\w+)\}/g, (_placeholder, name: string) => ids[name] ?? 'none');
  const response = await sendChunked(method, path);
  expect([response.status, await response.json()]).toMatchObject([411, { code: 'length-required' }]);
  expect(await state()).toEqual(before);
});
