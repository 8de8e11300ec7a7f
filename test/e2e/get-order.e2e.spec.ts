import { describe, expect } from 'vitest';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let orderId: string;
let customerId: string;

it.beforeAll(async ({ shared }) => {
  system = shared;
  orderId = uniqueId('order');
  const known = await customerAndProduct(system.as('admin'));
  customerId = known.customerId;
  const items = [{ productId: known.productId, quantity: 1 }];
  await system.as('customer', customerId).post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS });
  await eventually(
    () => system.as('admin').get(`/orders/${orderId}?minVersion=1`),
    ({ status }) => status === 200,
  );
});

describe('GET /orders/{orderId}', () => {
  it.each([
    ['a point read', '', 2],
    ['a query of one logical partition', '?include=history', 3],
  ])('costs one request to Cosmos DB: %s', async (_what, parameters, requestUnits) => {
    system.azure.cosmosDb.requests.reset();
    await system.as('admin').get(`/orders/${orderId}${parameters}`);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
    expect(readsOf(system.azure.cosmosDb.requests).requestCharge).toBeLessThanOrEqual(requestUnits);
  });

  it('returns 304 to a client that already has the version', async () => {
    const admin = system.as('admin');
    const { status, body } = await admin.get(`/orders/${orderId}`, { 'if-none-match': '"1"' });
    expect([status, body]).toEqual([304, undefined]);
    const changed = await admin.get(`/orders/${orderId}`, { 'if-none-match': '"7", W/"0"' });
    expect(changed.status).toBe(200);
  });

  it('returns read-model-behind when the version is not projected in time', async () => {
    const late = await system.as('admin').get(`/orders/${orderId}?minVersion=2`, { prefer: 'wait=0' });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([503, 'read-model-behind', '1']);
  });

  it('shows any order to an admin, and to the warehouse only one that it is to ship or track', async () => {
    expect((await system.as('admin').get(`/orders/${orderId}`)).status).toBe(200);
    const { status, body } = await system.as('warehouse').get(`/orders/${orderId}`);
    expect([status, body.code]).toEqual([404, 'order-not-found']);
  });

  it('shows an order to its own customer and to no other customer', async () => {
    const own = await system.as('customer', customerId).get(`/orders/${orderId}`);
    const others = await system.as('customer', 'someone-else').get(`/orders/${orderId}`);
    const missing = await system.as('customer', 'someone-else').get('/orders/no-such-order');
    expect(own.status).toBe(200);
    expect([others.status, others.body.code]).toEqual([404, 'order-not-found']);
    expect(missing.status).toBe(404);
  });

  it('does not reveal through ?minVersion whether another customer’s order exists', async () => {
    const stranger = system.as('customer', 'someone-else');
    const others = await stranger.get(`/orders/${orderId}?minVersion=1`, { prefer: 'wait=0' });
    const missing = await stranger.get('/orders/no-such-order?minVersion=1', { prefer: 'wait=0' });
    expect([others.status, missing.status]).toEqual([503, 503]);
  });

  it('is forbidden for the role analyst', async () => {
    const { status, body } = await system.as('analyst').get(`/orders/${orderId}`);
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  it.each([
    ['include=everything', 'include.0'],
    ['minVersion=0', 'minVersion'],
    ['minVersion=x', 'minVersion'],
  ])('returns 400 for ?%s', async (parameters, path) => {
    const { status, body } = await system.as('admin').get(`/orders/${orderId}?${parameters}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });

  it('returns unavailable without internal details when Cosmos DB is down', async () => {
    const stop = system.azure.cosmosDb.injectFault({ status: 503 });
    const { status, body, headers } = await system.as('admin').get(`/orders/${orderId}`);
    stop();
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
    expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'instance', 'status', 'title', 'type']);
  });
});
