import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { fileMasterKey, readableMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf, openCommandBus } from '../support/commands/command-bus.ts';
import { caughtUp } from '../support/shop/replayed-shop.ts';
import { ADDRESS, type ApiResponse, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** Versions of an order that has been changed as often as possible and then submitted. */
const VERSIONS = 501;

let system: TestSystem;
let orderId: string;

beforeAll(async () => {
  system = await startSystem();
  const admin = system.as('admin');
  const { customerId, productId } = await customerAndProduct(admin);
  orderId = uniqueId('order');
  await admin.post('/orders/drafts', { orderId, customerId, items: [{ productId, quantity: 1 }] });
  await changeAddress(VERSIONS - 2);
  expect((await admin.post(`/orders/${orderId}/submit`, {})).status).toBe(202);
  // The relay publishes the changes that the bus did not; the submission overtakes them.
  await caughtUp(system);
  await eventually(
    () => admin.get(`/orders/${orderId}?include=history`),
    ({ status, body }) => status === 200 && body.history.length === 500 && body.historyContinuationToken !== undefined,
  );
  // The last event may arrive before the others, which the relay publishes.
  await eventually(
    () => admin.get(`/orders/${orderId}/changes?after=${VERSIONS - 500}`),
    ({ body }) => body?.version === VERSIONS,
  );
  await eventually(
    () => admin.get(`/orders/${orderId}/changes`),
    ({ body }) => body?.version === 500,
  );
}, 1_200_000);
afterAll(() => system?.stop());

/** Changes the address many times, straight through the command bus: the same commands over HTTP would take a minute. */
async function changeAddress(times: number): Promise<void> {
  const store = await openWriteStore(`sqlite:${system.writeStore}`, { runtime: systemRuntime });
  const masterKey = readableMasterKey(fileMasterKey(join(system.data, 'master-key.json')));
  const bus = openCommandBus(store, undefined, masterKey);
  for (let time = 1; time <= times; time++) {
    const data = { ...ADDRESS, street: `${time + 1} St` };
    await bus.dispatch(envelopeOf({ type: 'ChangeShippingAddress', on: orderId, data }));
  }
  await store.close();
}

const versionsIn = ({ body }: ApiResponse): readonly number[] =>
  body.history.map((entry: { readonly version: number }) => entry.version);

describe.each(['', '/current'])('GET /orders/{orderId}%s of an order with more than 500 versions', (suffix) => {
  const get = (parameters: string) => system.as('admin').get(`/orders/${orderId}${suffix}?${parameters}`);

  it('returns the first 500 entries of the history, and the others with the token', async () => {
    const first = await get('include=history');
    expect(versionsIn(first)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    const { historyContinuationToken: token } = first.body;
    const second = await get(`include=history&historyContinuationToken=${token}`);
    expect(versionsIn(second)).toEqual([501]);
    expect(second.body).not.toHaveProperty('historyContinuationToken');
    // After writes that did not add a version, it ends with ".N".
    expect(first.headers.get('etag')).toMatch(/^"501(\.\d+)?"$/);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
  });

  it.each([
    ['of another kind', 'include=history&historyContinuationToken=abc'],
    ['that is no base64url', 'include=history&historyContinuationToken=!'],
    ['without include=history', `historyContinuationToken=${Buffer.from('1').toString('base64url')}`],
  ])('returns 400 for a token %s', async (_what, parameters) => {
    const { status, body } = await get(parameters);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', 'historyContinuationToken']);
  });
});

describe('the requests to Cosmos DB', () => {
  it('are one for a page of the history', async () => {
    system.azure.cosmosDb.requests.reset();
    await system.as('admin').get(`/orders/${orderId}?include=history`);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
  });

  it('are one for a page of the changes, which ends with the 500th', async () => {
    system.azure.cosmosDb.requests.reset();
    const { body } = await system.as('admin').get(`/orders/${orderId}/changes?after=0`);
    expect([body.changes.length, body.version]).toEqual([500, 500]);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
  });

  it.each(['?include=history', '/changes?after=0'])(
    'of the warehouse read the page alone when it does not see the order: %s',
    async (path) => {
      const { requests } = system.azure.cosmosDb;
      requests.reset();
      await system.as('admin').get(`/orders/${orderId}`);
      const pageAlone = readsOf(requests);
      requests.reset();
      const { status } = await system.as('warehouse').get(`/orders/${orderId}${path}`, { prefer: 'wait=0' });
      expect([status, readsOf(requests)]).toEqual([404, pageAlone]);
    },
  );
});

describe('GET /orders/{orderId}/current?version=N of an order with more than 500 versions', () => {
  it('returns the order as it was, with the history up to then', async () => {
    const answer = await system.as('admin').get(`/orders/${orderId}/current?version=3&include=history`);
    expect(answer.body).toMatchObject({ version: 3, status: 'draft', shippingAddress: { street: '3 St' } });
    expect(versionsIn(answer)).toEqual([1, 2, 3]);
  });
});
