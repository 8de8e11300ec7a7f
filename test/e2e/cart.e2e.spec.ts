import { describe, expect } from 'vitest';
import { query } from '../support/commands/write-store-rows.ts';
import { expectAccepted, orderIn, put, STEPS } from '../support/shop/order-steps.ts';
import { ADDRESS, customerAndProduct, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

describe('a line of a draft', () => {
  it('is named by its number, also in an envelope', async () => {
    const { customer, orderId } = await orderIn(system, 'draft');
    const envelope = { commandType: 'ChangeQuantity', aggregateId: orderId, data: { line: 1, quantity: 7 } };
    await expectAccepted(customer.post('/commands', envelope));
    const { body } = await customer.get(`/orders/${orderId}/current`);
    expect(body.items).toMatchObject([{ line: 1, quantity: 7 }]);
  });

  it.each<[string, string, object, string]>([
    ['a line that is not a number', 'lines/first', { quantity: 2 }, 'line'],
    ['line 0', 'lines/0', { quantity: 2 }, 'line'],
    ['quantity 0', 'lines/1', { quantity: 0 }, 'quantity'],
    ['a missing quantity', 'lines/1', {}, 'quantity'],
    ['a line in the body', 'lines/1', { line: 1, quantity: 2 }, 'line'],
  ])('returns an error that names the field for %s', async (_name, path, body, field) => {
    const { customer, orderId } = await orderIn(system, 'draft');
    const answer = await put(customer, `/orders/${orderId}/${path}`, body);
    expect([answer.status, answer.body.errors?.[0].path]).toEqual([400, field]);
  });

  it('returns 404 when the draft has no such line', async () => {
    const cast = await orderIn(system, 'draft');
    const { status, body } = await STEPS.RemoveLine(cast);
    expect([status, body.code, body.detail]).toEqual([
      404,
      'product-not-found',
      `Order ${cast.orderId} has no line 2.`,
    ]);
  });
});

describe('POST /orders/quote', () => {
  it('prices an order and changes nothing', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const counts = () =>
      ['Orders', 'Events', 'Commands'].map((table) => query(system.writeStore, `SELECT count(*) n FROM ${table}`));
    const before = counts();
    const body = { customerId, items: [{ productId, quantity: 3 }], shippingAddress: ADDRESS };
    const quote = await system.as('customer', customerId).post('/orders/quote', body);
    const line = { line: 1, productId, productName: 'Desk lamp', quantity: 3, price: 29.99, lineTotal: 89.97 };
    expect([quote.status, quote.body]).toEqual([200, { currency: 'USD', items: [line], total: 89.97 }]);
    expect(counts()).toEqual(before);
  });

  it.each<[string, (productId: string) => object, number, string]>([
    ['more than there are', (productId) => ({ productId, quantity: 100_000 }), 422, 'insufficient-stock'],
    ['another price', (productId) => ({ productId, quantity: 1, price: 1 }), 422, 'price-changed'],
    ['an unknown product', () => ({ productId: uniqueId('nothing'), quantity: 1 }), 404, 'product-not-found'],
    ['quantity 0', (productId) => ({ productId, quantity: 0 }), 400, 'validation-failed'],
  ])('rejects %s as POST /orders does', async (_name, item, status, code) => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const body = { customerId, items: [item(productId)], shippingAddress: ADDRESS };
    const customer = system.as('customer', customerId);
    const [quote, order] = await Promise.all([customer.post('/orders/quote', body), customer.post('/orders', body)]);
    expect([quote.status, quote.body.code]).toEqual([status, code]);
    expect({ ...quote.body, instance: undefined }).toEqual({ ...order.body, instance: undefined });
  });

  it('returns 403 for a customer who asks for another customer’s order', async () => {
    const { customerId, productId } = await customerAndProduct(system.as('admin'));
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const { status } = await system.as('customer', uniqueId('stranger')).post('/orders/quote', body);
    expect(status).toBe(403);
  });
});
