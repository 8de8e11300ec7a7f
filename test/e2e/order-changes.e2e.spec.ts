import { beforeEach, describe, expect } from 'vitest';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let customerId: string;
let productId: string;
let orderId: string;

it.beforeAll(async ({ shared }) => {
  system = shared;
  ({ customerId, productId } = await customerAndProduct(system.as('admin')));
});

/** Resolves once the read model has an order. */
const readable = (id: string, version = 1) =>
  eventually(
    () => system.as('admin').get(`/orders/${id}?minVersion=${version}`),
    ({ status }) => status === 200,
  );

const place = (id: string) =>
  system.as('admin').post('/orders', {
    orderId: id,
    customerId,
    items: [{ productId, quantity: 1 }],
    shippingAddress: ADDRESS,
  });
const confirm = () => system.as('admin').post(`/orders/${orderId}/confirm`, {});

/** Every test has an order of its own, of version 1. */
beforeEach(async () => {
  orderId = uniqueId('order');
  await place(orderId);
  await readable(orderId);
});

interface Asked {
  readonly role?: string;
  readonly customer?: string;
  readonly of?: string;
  readonly after?: string | number;
  readonly wait?: number;
}

/** Polls for changes. */
async function poll({ role = 'admin', customer, of = orderId, after = 0, wait = 0 }: Asked = {}) {
  const token = await system.azure.issuer.sign({ roles: [role], customerId: customer, lifetime: 3600 });
  const headers = { authorization: `Bearer ${token}`, prefer: `wait=${wait}` };
  const response = await fetch(`${system.host.url}/api/orders/${of}/changes?after=${after}`, { headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

describe('GET /orders/{orderId}/changes', () => {
  it('answers at once with the changes that the client has not seen', async () => {
    const { status, headers, body } = await poll();
    expect([status, headers.get('cache-control'), body.version]).toEqual([200, 'no-store', 1]);
    expect(body.changes).toEqual([
      {
        orderId,
        version: 1,
        eventType: 'OrderPlaced',
        timestamp: expect.any(String),
        status: 'submitted',
        data: expect.objectContaining({ customerId }),
      },
    ]);
  });

  it('reads what every replica has: a client that has just connected must not miss a change that was pushed before', async () => {
    await confirm();
    await readable(orderId, 2);
    const recover = system.azure.cosmosDb.injectFault({
      status: 500,
      container: ORDER_DETAILS.name,
      consistency: 'Session',
    });
    try {
      expect((await system.as('admin').get(`/orders/${orderId}`)).status).toBe(503);
      expect((await poll({ after: 1 })).body.version).toBe(2);
      expect((await poll({ role: 'warehouse', after: 1 })).body.version).toBe(2);
    } finally {
      recover();
    }
  });

  it.each([
    ['cancelled', 'cancel'],
    ['refunded', 'refund'],
  ])('tells the warehouse, too, that a confirmed order is %s', async (status, step) => {
    await confirm();
    await readable(orderId, 2);
    expect((await poll({ role: 'warehouse', after: 1 })).body.version).toBe(2);
    const polling = poll({ role: 'warehouse', after: 2, wait: 30 });
    await system.as('admin').post(`/orders/${orderId}/${step}`, { reason: 'changed their mind' });
    const answer = await polling;
    expect([answer.status, answer.body.changes]).toMatchObject([200, [{ version: 3, status, data: {} }]]);
    expect(JSON.stringify(answer.body)).not.toContain('changed their mind');
    expect((await system.as('warehouse').get(`/orders/${orderId}`)).body.status).toBe(status);
  });

  it('answers as soon as there is something newer', async () => {
    const polling = poll({ after: 1, wait: 30 });
    await confirm();
    const { status, body } = await polling;
    expect([status, body.version, body.changes[0]?.status]).toEqual([200, 2, 'confirmed']);
  });

  it('answers 204 without a body when nothing has changed in the time that the client waits', async () => {
    const startedAt = performance.now();
    const { status, body } = await poll({ after: 1, wait: 1 });
    expect([status, body]).toEqual([204, undefined]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  });

  it('waits for an order that the read model does not have yet', async () => {
    orderId = uniqueId('order');
    const polling = poll({ wait: 30 });
    await place(orderId);
    expect(await polling).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('costs a request unit per poll while it waits, and at most twelve polls in the first three seconds', async () => {
    const { requests } = system.azure.cosmosDb;
    requests.reset();
    await poll({ after: 1, wait: 3 });
    // The pauses double from 25 ms to a second, and half of each is random.
    const { name: container } = ORDER_DETAILS;
    expect(requests.count({ container, operation: 'Read' })).toBeLessThanOrEqual(12);
    expect(requests.requestCharge({ container, operation: 'Read' })).toBeLessThanOrEqual(12);
    // The history before the wait and after it.
    expect(requests.count({ container, operation: 'Query', consistency: 'Strong' })).toBe(2);
  });
});

describe('access to the changes of an order', () => {
  it.each([
    [200, 'the role admin', { role: 'admin' }],
    [404, 'the role warehouse, for an order that is not confirmed', { role: 'warehouse', wait: 0 }],
    [403, 'the role analyst', { role: 'analyst' }],
    [404, 'another customer', { role: 'customer', customer: 'someone-else' }],
    [403, 'a caller without a role', { role: 'none' }],
  ])('is answered with %i for %s', async (status, _caller, caller) => {
    expect((await poll(caller)).status).toBe(status);
  });

  it('is granted to its own customer', async () => {
    expect((await poll({ role: 'customer', customer: customerId })).status).toBe(200);
  });

  it('is refused without a token', async () => {
    const response = await fetch(`${system.host.url}/api/orders/${orderId}/changes`);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it.each([
    ['an order that does not exist', { of: 'no-such-order' }, 404, 'order-not-found'],
    ['an after that is not a version', { after: 'x' }, 400, 'validation-failed'],
    ['a negative after', { after: -1 }, 400, 'validation-failed'],
  ])('is refused for %s', async (_what, asked, status, code) => {
    const { status: answered, headers, body } = await poll(asked);
    expect([answered, headers.get('content-type'), body.code]).toEqual([status, 'application/problem+json', code]);
  });
});
