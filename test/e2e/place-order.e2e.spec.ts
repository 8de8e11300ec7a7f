import { describe, expect } from 'vitest';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

describe('placing an order', () => {
  it('makes it readable at its version, through SQL, Event Hubs and Cosmos DB', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const customer = system.as('customer', customerId);
    const orderId = uniqueId('order');

    const placed = await customer.post(
      '/orders',
      { orderId, customerId, items: [{ productId, quantity: 2, price: 29.99 }], shippingAddress: ADDRESS },
      { 'idempotency-key': `key-${orderId}`, 'x-correlation-id': 'correlation-1' },
    );
    expect(placed.status).toBe(202);
    expect(placed.body).toEqual({
      commandId: `key-${orderId}`,
      orderId,
      version: 1,
      status: 'accepted',
      estimatedSyncMs: expect.any(Number),
      orderStatus: 'submitted',
      total: 59.98,
    });
    expect(placed.headers.get('location')).toBe(`/api/orders/${orderId}`);
    expect(placed.headers.get('etag')).toBe('"1"');
    expect(placed.headers.get('x-correlation-id')).toBe('correlation-1');

    const order = await eventually(
      () => customer.get(`/orders/${orderId}?minVersion=1&include=history`, { prefer: 'wait=5' }),
      ({ status }) => status === 200,
    );
    expect(order.headers.get('etag')).toBe('"1"');
    expect(order.headers.get('server-timing')).toMatch(/^sync-lag;dur=\d+$/);
    const { placedAt, lastUpdated, history } = order.body;
    expect(new Date(placedAt).toISOString()).toBe(placedAt);
    const item = { line: 1, productId, quantity: 2, price: 29.99 };
    expect(order.body).toEqual({
      orderId,
      customerId,
      customerName: 'Ada Lovelace',
      status: 'submitted',
      currency: 'USD',
      items: [{ ...item, productName: 'Desk lamp', lineTotal: 59.98 }],
      total: 59.98,
      shippingAddress: ADDRESS,
      placedAt,
      history,
      version: 1,
      lastUpdated,
    });
    expect(history).toEqual([
      {
        version: 1,
        eventType: 'OrderPlaced',
        timestamp: lastUpdated,
        userId: customerId,
        data: { customerId, currency: 'USD', items: [item], total: 59.98, shippingAddress: ADDRESS, placedAt },
      },
    ]);
  });

  it('generates an order id and a command id if the client sends none', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const customer = system.as('customer', customerId);
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const [first, second] = [await customer.post('/orders', body), await customer.post('/orders', body)];
    expect(first.body.orderId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.body.orderId).not.toBe(first.body.orderId);
    expect(second.body.commandId).not.toBe(first.body.commandId);
  });

  it('supports ids with characters that a URL must encode', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const orderId = uniqueId('Größe 50% a b?c#d & "e"');
    const admin = system.as('admin');
    const placed = await admin.post('/orders', {
      orderId,
      customerId,
      items: [{ productId, quantity: 1 }],
      shippingAddress: ADDRESS,
    });
    expect(placed.headers.get('location')).toBe(`/api/orders/${encodeURIComponent(orderId)}`);
    const order = await admin.get(`/orders/${encodeURIComponent(orderId)}?minVersion=1`);
    expect(order.body.orderId).toBe(orderId);
  });

  it('lets an admin set prices and the date, and keeps several lines of one product separate', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const orderId = uniqueId('order');
    const admin = system.as('admin');
    const placed = await admin.post('/orders', {
      orderId,
      customerId,
      items: [
        { productId, quantity: 1, price: 25 },
        { productId, quantity: 3, price: 0.1 },
      ],
      shippingAddress: { ...ADDRESS, country: 'US' },
      placedAt: '2010-12-01T09:26:00+01:00',
    });
    expect(placed.status).toBe(202);
    const { body } = await admin.get(`/orders/${orderId}?minVersion=1`);
    expect(
      body.items.map(({ line, quantity, lineTotal }: Record<string, number>) => [line, quantity, lineTotal]),
    ).toEqual([
      [1, 1, 25],
      [2, 3, 0.3],
    ]);
    expect(body).toMatchObject({
      total: 25.3,
      placedAt: '2010-12-01T08:26:00.000Z',
      shippingAddress: { country: 'US' },
    });
    expect(body).not.toHaveProperty('history');
  });
});

describe('a repeated command', () => {
  it('returns the first response, marked as replayed, and places no second order', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'), { stock: 1 });
    const customer = system.as('customer', customerId);
    const key = uniqueId('key');
    const send = () =>
      customer.post(
        '/orders',
        { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS },
        { 'idempotency-key': key },
      );
    const first = await send();
    await customer.post(`/orders/${first.body.orderId}/cancel`, { reason: 'changed my mind' });
    const second = await send();
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    const withNewEstimate = { ...first.body, estimatedSyncMs: second.body.estimatedSyncMs };
    expect([second.status, second.body, second.headers.get('location'), second.headers.get('etag')]).toEqual([
      202,
      withNewEstimate,
      first.headers.get('location'),
      '"1"',
    ]);
  });

  it('takes effect once when it is sent 20 times concurrently', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'), { stock: 1 });
    const customer = system.as('customer', customerId);
    const key = uniqueId('key');
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.post('/orders', body, { 'idempotency-key': key })),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => answer.body.orderId)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  });

  it('with the idempotency key of another request is rejected', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const customer = system.as('customer', customerId);
    const headers = { 'idempotency-key': uniqueId('key') };
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    await customer.post('/orders', body, headers);
    const other = await customer.post('/orders', { ...body, items: [{ productId, quantity: 2 }] }, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });
});

describe('POST /orders', () => {
  it('returns order-exists (409) for an order id that is taken', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const body = {
      orderId: uniqueId('order'),
      customerId,
      items: [{ productId, quantity: 1 }],
      shippingAddress: ADDRESS,
    };
    const customer = system.as('customer', customerId);
    await customer.post('/orders', body);
    const again = await customer.post('/orders', body);
    expect([again.status, again.body.code]).toEqual([409, 'order-exists']);
  });

  it.each([
    ['insufficient-stock', 422, { stock: 1 }, { quantity: 2 }],
    ['credit-limit-exceeded', 422, { creditLimit: 59.97 }, { quantity: 2 }],
    ['price-changed', 422, {}, { quantity: 1, price: 29.98 }],
    ['currency-mismatch', 422, { currency: 'EUR' }, { quantity: 1 }],
    ['product-not-found', 404, {}, { quantity: 1, productId: 'no-such-product' }],
  ])('returns %s (%i) and places no order', async (code, status, known, line) => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'), known);
    const orderId = uniqueId('order');
    const customer = system.as('customer', customerId);
    const rejected = await customer.post('/orders', {
      orderId,
      customerId,
      items: [{ productId, ...line }],
      shippingAddress: ADDRESS,
    });
    expect([rejected.status, rejected.body.code]).toEqual([status, code]);
    const order = await customer.get(`/orders/${orderId}`);
    expect(order.status).toBe(404);
  });

  it('sells the last units once under concurrent orders', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'), {
      stock: 7,
      creditLimit: 1_000_000,
    });
    const customer = system.as('customer', customerId);
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const answers = await Promise.all(Array.from({ length: 30 }, () => customer.post('/orders', body)));
    const outcomes = answers.map((answer) => answer.body.code ?? answer.body.status);
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'insufficient-stock')).toHaveLength(23);
  });

  it('returns version-mismatch (412) when If-Match names another version', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const body = {
      orderId: uniqueId('order'),
      customerId,
      items: [{ productId, quantity: 1 }],
      shippingAddress: ADDRESS,
    };
    const answer = await system.as('customer', customerId).post('/orders', body, { 'if-match': '"3"' });
    expect([answer.status, answer.body.code]).toEqual([412, 'version-mismatch']);
  });

  it('executes the commands of two callers with the same idempotency key of 255 characters', async () => {
    const admin = system.as('admin');
    const idempotencyKey = uniqueId('k'.repeat(246));
    for (const _ of ['first', 'second']) {
      const { customerId, productId } = await customerAndProduct(admin);
      const order = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
      const place = () =>
        system.as('customer', customerId).post('/orders', order, { 'idempotency-key': idempotencyKey });
      const [placed, again] = [await place(), await place()];
      expect([placed.status, placed.body.commandId]).toEqual([202, idempotencyKey]);
      expect([placed.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
        null,
        'true',
      ]);
      expect([again.body.commandId, again.body.orderId]).toEqual([idempotencyKey, placed.body.orderId]);
    }
  });

  it('names a route that shows the present version in a 412', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const customer = system.as('customer', customerId);
    const orderId = uniqueId('order 1');
    const draft = { orderId, customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    await customer.post('/orders/drafts', draft);
    const path = `/orders/${encodeURIComponent(orderId)}`;
    const refused = await customer.post(`${path}/submit`, {}, { 'if-match': '"7"' });
    expect(refused.status).toBe(412);
    const named = /GET (\S+),/.exec(refused.body.detail)?.[1];
    expect(named).toBe(`/api${path}?minVersion=1`);
    const { headers } = await eventually(
      () => customer.get(`${path}?minVersion=1`),
      ({ status }) => status === 200,
    );
    const etag = headers.get('etag') ?? '';
    expect((await customer.post(`${path}/submit`, {}, { 'if-match': etag })).status).toBe(202);
  });

  it('accepts a change at any version with If-Match: *', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const customer = system.as('customer', customerId);
    const order = {
      orderId: uniqueId('order'),
      customerId,
      items: [{ productId, quantity: 1 }],
      shippingAddress: ADDRESS,
    };
    const any = { 'if-match': '*' };
    expect((await customer.post('/orders', order, any)).status).toBe(412);
    expect((await customer.post('/orders', order)).status).toBe(202);
    expect((await customer.post(`/orders/${order.orderId}/cancel`, { reason: 'Ordered twice' }, any)).status).toBe(202);
  });
});
