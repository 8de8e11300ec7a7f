import { describe, expect } from 'vitest';
import { ADDRESS, type ApiClient, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let admin: ApiClient;
it.beforeAll(async ({ shared }) => {
  system = shared;
  admin = system.as('admin');
});

/** A unique name, so that a search for it finds the orders of one customer only. */
const uniqueName = () => uniqueId('name').replaceAll('-', '');

async function newCustomer() {
  const ids = await customerAndProduct(admin, { creditLimit: 100_000, stock: 1_000 });
  const before = await rename(ids.customerId);
  return { ...ids, before };
}

/** Gives a customer a new name and returns it. */
async function rename(customerId: string): Promise<string> {
  const name = uniqueName();
  const { status } = await admin.send('PUT', `/customers/${customerId}/contact`, {
    body: JSON.stringify({ name }),
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(202);
  return name;
}

/** Places and confirms an order, so that every read model contains it. */
async function confirmedOrder(
  { customerId, productId }: { readonly customerId: string; readonly productId: string },
  shippingAddress = ADDRESS,
) {
  const orderId = uniqueId('order');
  const items = [{ productId, quantity: 1 }];
  await admin.post('/orders', { orderId, customerId, items, shippingAddress });
  const { status } = await admin.post(`/orders/${orderId}/confirm`, {});
  expect(status).toBe(202);
  return orderId;
}

const found = async (name: string): Promise<readonly string[]> =>
  (await admin.get(`/orders?q=${name}&limit=100`)).body.items.map(
    ({ orderId }: { readonly orderId: string }) => orderId,
  );

/** The customer names that an order shows on its page, in the write model and in the list of shipments. */
async function namesOf(orderId: string): Promise<readonly (string | undefined)[]> {
  const page = await admin.get(`/orders/${orderId}?minVersion=2`);
  const current = await admin.get(`/orders/${orderId}/current`);
  const { body: shipments } = await admin.get('/shipments?limit=100');
  const shipment = shipments.items.find((item: { readonly orderId: string }) => item.orderId === orderId);
  return [page.body.customerName, current.body.customerName, shipment?.customerName];
}

describe('after a customer is renamed', () => {
  it('earlier orders show the new name and are found only by it', async () => {
    const { before, ...ids } = await newCustomer();
    const orderIds = [await confirmedOrder(ids), await confirmedOrder(ids)];
    await eventually(
      () => found(before),
      (orders) => orders.length === 2,
    );
    const name = await rename(ids.customerId);
    await eventually(
      () => found(name),
      (orders) => orders.length === 2,
    );
    expect(await found(before)).toEqual([]);
    for (const orderId of orderIds) {
      await eventually(
        () => namesOf(orderId),
        (names) => names.every((shown) => shown === name),
      );
    }
  });

  it('a conditional GET of an order returns the new name, and its ETag still works in If-Match', async () => {
    const { before: _before, ...ids } = await newCustomer();
    const orderId = await confirmedOrder(ids);
    const seen = await admin.get(`/orders/${orderId}?minVersion=2`);
    const name = await rename(ids.customerId);
    const known = { 'if-none-match': seen.headers.get('etag') ?? '' };
    const { body, headers } = await eventually(
      () => admin.get(`/orders/${orderId}`, known),
      ({ status }) => status === 200,
    );
    expect([body.customerName, body.version]).toEqual([name, 2]);
    const etag = headers.get('etag') ?? '';
    expect((await admin.get(`/orders/${orderId}`, { 'if-none-match': etag })).status).toBe(304);
    const refund = await admin.post(`/orders/${orderId}/refund`, { reason: 'broken' }, { 'if-match': etag });
    expect([refund.status, refund.body.version]).toEqual([202, 3]);
  });

  it('a past version of an order keeps the old name, and the current order gets a new ETag', async () => {
    const { before, ...ids } = await newCustomer();
    const orderId = await confirmedOrder(ids);
    const seen = await admin.get(`/orders/${orderId}/current`);
    const name = await rename(ids.customerId);
    const known = { 'if-none-match': seen.headers.get('etag') ?? '' };
    const { status, body } = await admin.get(`/orders/${orderId}/current`, known);
    expect([status, body.customerName]).toEqual([200, name]);
    expect((await admin.get(`/orders/${orderId}/current?version=1`)).body.customerName).toBe(before);
  });

  it('several times while orders are placed, all orders eventually show the last name', async () => {
    const { before, ...ids } = await newCustomer();
    const names = [before];
    const orders = Promise.all(Array.from({ length: 30 }, () => confirmedOrder(ids)));
    for (let change = 0; change < 5; change++) names.push(await rename(ids.customerId));
    const orderIds = [...(await orders), await confirmedOrder(ids)];
    const last = names.pop() ?? '';
    await eventually(
      () => found(last),
      (shown) => shown.length === orderIds.length,
    );
    for (const orderId of orderIds) {
      await eventually(
        () => namesOf(orderId),
        (shown) => shown.every((name) => name === last),
      );
    }
    for (const name of names) expect(await found(name)).toEqual([]);
  });

  it('no list and no page shows the marker of the change', async () => {
    const { before, ...ids } = await newCustomer();
    await confirmedOrder(ids);
    await eventually(
      () => found(before),
      (orders) => orders.length === 1,
    );
    const { customerId } = ids;
    for (const path of ['/orders?limit=100', '/shipments?limit=100', `/customers/${customerId}/orders`]) {
      const { body } = await admin.get(path);
      expect(body.items.filter(({ orderId }: { readonly orderId?: string }) => orderId === undefined)).toEqual([]);
    }
    expect((await admin.get(`/orders/!customer-${customerId}`)).status).toBe(404);
  });
});

describe('after a customer is erased', () => {
  it('no query returns their personal data', async () => {
    const { before, ...ids } = await newCustomer();
    const orderId = await confirmedOrder(ids, { ...ADDRESS, street: `${before} Street` });
    await admin.post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z' });
    await admin.post(`/orders/${orderId}/deliver`, {});
    await eventually(
      async () => JSON.stringify((await admin.get('/shipments')).body),
      (shipments) => shipments.includes(before),
    );
    const { status } = await admin.post(`/customers/${ids.customerId}/erase`, {});
    expect(status).toBe(202);
    const queries = [`/orders/${orderId}?include=history`, `/orders/${orderId}/current?include=history`, '/shipments'];
    for (const path of [...queries, `/customers/${ids.customerId}/summary`, `/orders?q=${orderId}`]) {
      const { body } = await eventually(
        () => admin.get(path),
        (answer) => !JSON.stringify(answer.body).includes(before),
      );
      expect(JSON.stringify(body)).toContain('[erased]');
    }
  });
});
