import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, customerAndProduct, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let orderId: string;
let customerId: string;

beforeAll(async () => {
  system = await startSystem();
  orderId = uniqueId('order');
  const known = await customerAndProduct(system.as('admin'));
  customerId = known.customerId;
  const items = [{ productId: known.productId, quantity: 1 }];
  await system.as('customer', customerId).post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS });
  await system.as('admin').get(`/orders/${orderId}?minVersion=1`);
});
afterAll(() => system.stop());

describe('GET /orders/{orderId}', () => {
  it('costs one request to Cosmos DB', async () => {
    system.azure.cosmosDb.requests.reset();
    await system.as('admin').get(`/orders/${orderId}?include=history`);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
    expect(readsOf(system.azure.cosmosDb.requests).requestCharge).toBeLessThanOrEqual(2);
  });

  it('answers 304 to a client that has the version already', async () => {
    const admin = system.as('admin');
    const { status, body } = await admin.get(`/orders/${orderId}`, { 'if-none-match': '"1"' });
    expect([status, body]).toEqual([304, undefined]);
    const changed = await admin.get(`/orders/${orderId}`, { 'if-none-match': '"7", W/"0"' });
    expect(changed.status).toBe(200);
  });

  it('answers read-model-behind when the version does not come in time', async () => {
    const late = await system.as('admin').get(`/orders/${orderId}?minVersion=2`, { prefer: 'wait=0' });
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([503, 'read-model-behind', '1']);
  });

  it.each(['admin', 'warehouse'])('shows any order to the role %s', async (role) => {
    expect((await system.as(role).get(`/orders/${orderId}`)).status).toBe(200);
  });

  it('shows an order to its customer, and to no other one', async () => {
    const own = await system.as('customer', customerId).get(`/orders/${orderId}`);
    const others = await system.as('customer', 'someone-else').get(`/orders/${orderId}`);
    const missing = await system.as('customer', 'someone-else').get('/orders/no-such-order');
    expect(own.status).toBe(200);
    expect([others.status, others.body.code]).toEqual([404, 'order-not-found']);
    expect(missing.status).toBe(404);
  });

  it('does not tell someone else’s order from one that does not exist by waiting for it', async () => {
    const stranger = system.as('customer', 'someone-else');
    const others = await stranger.get(`/orders/${orderId}?minVersion=1`, { prefer: 'wait=0' });
    const missing = await stranger.get('/orders/no-such-order?minVersion=1', { prefer: 'wait=0' });
    expect([others.status, missing.status]).toEqual([503, 503]);
  });

  it('is forbidden for a role that handles no orders', async () => {
    const { status, body } = await system.as('analyst').get(`/orders/${orderId}`);
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  it.each([
    ['include=everything', 'include.0'],
    ['minVersion=0', 'minVersion'],
    ['minVersion=x', 'minVersion'],
  ])('refuses ?%s', async (parameters, path) => {
    const { status, body } = await system.as('admin').get(`/orders/${orderId}?${parameters}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });

  it('answers unavailable, and nothing of the inside, when Cosmos DB is down', async () => {
    const stop = system.azure.cosmosDb.injectFault({ status: 503 });
    const { status, body, headers } = await system.as('admin').get(`/orders/${orderId}`);
    stop();
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'unavailable', '2']);
    expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'instance', 'status', 'title', 'type']);
  });
});

describe('health', () => {
  const anonymous = async (path: string) => {
    const response = await fetch(`${system.host.url}/api${path}`);
    return { status: response.status, body: await response.json() };
  };

  it('is live', async () => {
    expect(await anonymous('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
  });

  it('is ready while every dependency answers', async () => {
    expect(await anonymous('/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', dependencies: { sql: 'up', 'event-hubs': 'up', 'cosmos-db': 'up' } },
    });
  });

  it('says which dependency fails', async () => {
    const stop = system.azure.cosmosDb.injectFault({ down: true });
    const { status, body } = await anonymous('/health/ready');
    stop();
    expect(status).toBe(503);
    expect(body).toEqual({
      status: 'not-ready',
      dependencies: { sql: 'up', 'event-hubs': 'up', 'cosmos-db': 'down' },
      failing: ['cosmos-db'],
    });
  });
});
