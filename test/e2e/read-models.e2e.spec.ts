import { describe, expect } from 'vitest';
import { expectAccepted } from '../support/shop/order-steps.ts';
import { ADDRESS, type ApiClient, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let admin: ApiClient;

/** Orders that are placed first, because they are in the reports only after some seconds. */
let reported: Awaited<ReturnType<typeof placeOrders>>;
const REPORTED_DAY = '2025-11-27';

it.beforeAll(async ({ shared }) => {
  system = shared;
  admin = system.as('admin');
  reported = await placeOrders(2, { currency: 'SEK', price: 12.5 }, REPORTED_DAY);
});

/** Places orders of one customer, a minute apart, each of one unit; returns their ids, oldest first. */
async function placeOrders(
  count: number,
  known: { currency?: string; price?: number; creditLimit?: number } = {},
  day = '2026-03-01',
) {
  const { customerId, productId } = await customerAndProduct(admin, known);
  const orderIds: string[] = [];
  for (let index = 0; index < count; index++) {
    const orderId = uniqueId('order');
    orderIds.push(orderId);
    const placedAt = `${day}T10:${String(index).padStart(2, '0')}:00Z`;
    const items = [{ productId, quantity: 1 }];
    const { currency = 'USD' } = known;
    const body = { orderId, customerId, items, currency, shippingAddress: ADDRESS, placedAt };
    await expectAccepted(admin.post('/orders', body));
  }
  return { customerId, orderIds };
}

/** Places an order of one unit of a new product by a new customer. */
async function placeNamedOrder(customerName: string, productName: string, placedAt?: string) {
  const [customerId, productId, orderId] = [uniqueId('customer'), uniqueId('product'), uniqueId('order')];
  const customer = { customerId, name: customerName, email: 'zoe@example.com', creditLimit: 100 };
  await expectAccepted(admin.post('/customers', customer));
  await expectAccepted(admin.post('/products', { productId, name: productName, price: 10, stock: 10 }));
  const items = [{ productId, quantity: 1 }];
  await expectAccepted(admin.post('/orders', { orderId, customerId, items, shippingAddress: ADDRESS, placedAt }));
  return { customerId, orderId };
}

const list = (path: string, client = admin, count = 1) =>
  eventually(
    () => client.get(path),
    ({ body }) => body.items?.length >= count,
  );

describe('GET /customers/{customerId}/orders', () => {
  it('pages through the customer’s orders, newest first, while new orders arrive', async () => {
    const { customerId, orderIds } = await placeOrders(5);
    const customer = system.as('customer', customerId);
    await list(`/customers/${customerId}/orders`, customer, 5);
    const first = await customer.get(`/customers/${customerId}/orders?limit=2`);
    expect(first.body.items.map(({ orderId }: { orderId: string }) => orderId)).toEqual([orderIds[4], orderIds[3]]);

    const { productId } = await customerAndProduct(admin);
    const added = {
      orderId: uniqueId('order'),
      customerId,
      items: [{ productId, quantity: 1 }],
      shippingAddress: ADDRESS,
    };
    await expectAccepted(admin.post('/orders', added));
    await list(`/customers/${customerId}/orders`, customer, 6);

    const seen: string[] = [];
    let token = first.body.continuationToken;
    while (token !== undefined) {
      const { body } = await customer.get(`/customers/${customerId}/orders?limit=2&continuationToken=${token}`);
      seen.push(...body.items.map(({ orderId }: { orderId: string }) => orderId));
      token = body.continuationToken;
    }
    expect(seen).toEqual([orderIds[2], orderIds[1], orderIds[0]]);
  });

  it('rejects the continuation token of another list', async () => {
    const { customerId } = await placeOrders(2);
    await list(`/customers/${customerId}/orders`, admin, 2);
    const { body } = await admin.get(`/customers/${customerId}/orders?limit=1`);
    const token = `continuationToken=${body.continuationToken}`;
    for (const path of [`/customers/${customerId}/orders?status=submitted&${token}`, `/orders?${token}`]) {
      const answer = await admin.get(path);
      expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'continuationToken']);
    }
    expect((await admin.get(`/customers/${customerId}/orders?${token}`)).body.items).toHaveLength(1);
  });

  it('returns the fields of the contract and filters by status', async () => {
    const { customerId, orderIds } = await placeOrders(2);
    await expectAccepted(admin.post(`/orders/${orderIds[0]}/cancel`, { reason: 'changed my mind' }));
    const { body } = await list(`/customers/${customerId}/orders?status=cancelled`);
    expect(body).toEqual({
      items: [
        {
          orderId: orderIds[0],
          status: 'cancelled',
          currency: 'USD',
          total: 29.99,
          itemCount: 1,
          placedAt: '2026-03-01T10:00:00.000Z',
          version: 2,
          lastUpdated: body.items[0].lastUpdated,
        },
      ],
    });
  });

  it('costs one request to Cosmos DB', async () => {
    const { customerId } = await placeOrders(1);
    await list(`/customers/${customerId}/orders`);
    system.azure.cosmosDb.requests.reset();
    await admin.get(`/customers/${customerId}/orders`);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
  });

  it('does not exist for other customers, and is forbidden for the roles warehouse and analyst', async () => {
    const stranger = await system.as('customer', 'someone-else').get('/customers/ada/orders');
    expect([stranger.status, stranger.body.code]).toEqual([404, 'customer-not-found']);
    for (const role of ['warehouse', 'analyst']) {
      expect((await system.as(role).get('/customers/ada/orders')).status).toBe(403);
    }
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['status=lost', 'status'],
    ['continuationToken=%21', 'continuationToken'],
    ['limt=5', 'limt'],
    ['limit=5&limit=6', 'limit'],
    ['Limit=5', 'Limit'],
    ['__proto__=1', '__proto__'],
  ])('returns 400 for ?%s', async (query, path) => {
    const { status, body } = await admin.get(`/customers/ada/orders?${query}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });
});

describe('GET /customers/{customerId}/summary', () => {
  it('counts all orders and sums up the totals of those that are not cancelled', async () => {
    const { customerId, orderIds } = await placeOrders(3);
    await expectAccepted(admin.post(`/orders/${orderIds[0]}/cancel`, { reason: 'changed my mind' }));
    const { body, headers } = await eventually(
      () => admin.get(`/customers/${customerId}/summary`),
      (answer) => answer.body.ordersByStatus?.cancelled === 1 && answer.body.orders === 3,
    );
    expect(body).toEqual({
      customerId,
      name: 'Ada Lovelace',
      currency: 'USD',
      orders: 3,
      totalSpent: 59.98,
      averageOrderValue: 29.99,
      firstOrderAt: '2026-03-01T10:00:00.000Z',
      lastOrderAt: '2026-03-01T10:02:00.000Z',
      ordersByStatus: { submitted: 2, cancelled: 1 },
      version: body.version,
      lastUpdated: body.lastUpdated,
    });
    const known = { 'if-none-match': headers.get('etag') ?? '' };
    expect((await system.as('customer', customerId).get(`/customers/${customerId}/summary`, known)).status).toBe(304);
  });

  it('shows a customer without orders under their new name', async () => {
    const { customerId } = await customerAndProduct(admin);
    const send = { body: '{"name":"Countess Lovelace"}', headers: { 'content-type': 'application/json' } };
    await expectAccepted(system.as('customer', customerId).send('PUT', `/customers/${customerId}/contact`, send));
    const { body } = await eventually(
      () => admin.get(`/customers/${customerId}/summary`),
      (answer) => answer.body.name === 'Countess Lovelace',
    );
    expect(body).toMatchObject({ orders: 0, totalSpent: 0, averageOrderValue: 0, firstOrderAt: null });
  });

  it('returns 404 for an unknown customer', async () => {
    const { status, body } = await admin.get('/customers/nobody/summary');
    expect([status, body.code]).toEqual([404, 'customer-not-found']);
  });
});

describe('GET /orders', () => {
  it('finds orders by word prefixes in any order, ignoring case and accents', async () => {
    const placedAt = '2026-02-28T23:59:59Z';
    const { customerId, orderId } = await placeNamedOrder('Zoë Brontë', 'Crème BRÛLÉE dish', placedAt);
    const { body } = await list('/orders?q=brul%20ZOE&from=2026-02-28&to=2026-02-28', admin);
    expect(body.items).toEqual([
      {
        orderId,
        customerId,
        customerName: 'Zoë Brontë',
        status: 'submitted',
        currency: 'USD',
        total: 10,
        itemCount: 1,
        placedAt: '2026-02-28T23:59:59.000Z',
        version: 1,
        lastUpdated: body.items[0].lastUpdated,
      },
    ]);
    const found = async (query: string) => (await admin.get(`/orders?${query}`)).body.items.length;
    expect(await found(`q=${orderId}`)).toBe(1);
    expect(await found('q=rulee%20zoe')).toBe(0);
    expect(await found('q=zoe&from=2026-03-01')).toBe(0);
    expect(await found('q=zoe&to=2026-02-28T23:59:58Z')).toBe(0);
    expect(await found('q=zoe&status=cancelled')).toBe(0);
  });

  it('finds names in any script and by any part of a text without spaces, with one request', async () => {
    const { orderId } = await placeNamedOrder('Οδυσσέας Groß', '透明手机壳 Işık');
    await list(`/orders?q=${orderId}`);
    const found = async (q: string) => {
      const { body } = await admin.get(`/orders?q=${encodeURIComponent(q)}`);
      return body.items.map((item: { readonly orderId: string }) => item.orderId);
    };
    for (const q of ['ΟΔΥΣ', 'GROSS', '手机', 'IŞIK', 'ışık']) expect(await found(q)).toEqual([orderId]);
    system.azure.cosmosDb.requests.reset();
    expect(await found('οδυσ 透明手机壳 ışık')).toEqual([orderId]);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(1);
  });

  it('costs as many request units for an order with many words as for one with few', async () => {
    const manyWords = String.fromCodePoint(...Array.from({ length: 200 }, (_, index) => 0x5000 + index));
    const charges: number[] = [];
    for (const name of ['lamp', manyWords]) {
      const { orderId } = await placeNamedOrder('Ada', name);
      await list(`/orders?q=${orderId}`);
      system.azure.cosmosDb.requests.reset();
      await admin.get(`/orders?q=${orderId}`);
      charges.push(readsOf(system.azure.cosmosDb.requests).requestCharge);
    }
    expect(charges[1]).toBe(charges[0]);
  });

  it.each(['🎉', '!!!'])('finds nothing for %s, which has no letter or digit', async (q) => {
    expect((await admin.get('/orders')).body.items.length).toBeGreaterThan(0);
    const { status, body } = await admin.get(`/orders?q=${encodeURIComponent(q)}`);
    expect([status, body]).toEqual([200, { items: [] }]);
  });

  it.each([
    ['q=a%20b%20c%20d%20e%20f%20g%20h%20i', 'q'],
    ['from=yesterday', 'from'],
    ['to=2026-13-01', 'to'],
    ['to=9999-12-31T23:59:59-23:00', 'to'],
    ['from=2026-02-01&to=2026-01-31', 'from'],
    ['from=2026-01-31T10:00:00%2B01:00&to=2026-01-31T08:59:59Z', 'from'],
  ])('returns 400 for ?%s', async (query, path) => {
    const { status, body } = await admin.get(`/orders?${query}`);
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });

  it.each(['customer', 'warehouse'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/orders')).status).toBe(403);
  });
});

describe('GET /shipments', () => {
  it('shows confirmed orders until they are refunded', async () => {
    const { orderIds } = await placeOrders(1);
    const [orderId] = orderIds;
    const address = { ...ADDRESS, state: uniqueId('state'), country: 'GB' };
    const json = { 'content-type': 'application/json' };
    const move = { body: JSON.stringify(address), headers: json };
    await expectAccepted(admin.send('PUT', `/orders/${orderId}/shipping-address`, move));
    await expectAccepted(admin.post(`/orders/${orderId}/confirm`, {}));
    await expectAccepted(
      system.as('warehouse').post(`/orders/${orderId}/ship`, { carrier: 'UPS', trackingNumber: '1Z' }),
    );
    const path = `/shipments?region=GB-${address.state}`;
    const { body } = await eventually(
      () => system.as('warehouse').get(path),
      (answer) => answer.body.items[0]?.status === 'shipped',
    );
    const [shipment] = body.items;
    expect(shipment).toEqual({
      orderId,
      customerName: 'Ada Lovelace',
      status: 'shipped',
      region: `GB-${address.state}`,
      shippingAddress: address,
      itemCount: 1,
      carrier: 'UPS',
      trackingNumber: '1Z',
      confirmedAt: shipment.confirmedAt,
      shippedAt: shipment.shippedAt,
      version: 4,
      lastUpdated: shipment.shippedAt,
    });
    expect((await admin.get(`${path}&status=confirmed`)).body.items).toEqual([]);
    await expectAccepted(admin.post(`/orders/${orderId}/refund`, { reason: 'lost' }));
    await eventually(
      () => admin.get(path),
      (answer) => answer.body.items.length === 0,
    );
  });

  it.each(['customer', 'analyst'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/shipments')).status).toBe(403);
  });
});

describe('GET /analytics/daily', () => {
  it('sums up a day per currency', async () => {
    const day = '2025-11-28';
    const first = await placeOrders(2, {}, day);
    await placeOrders(1, { price: 100 }, day);
    await placeOrders(1, { currency: 'GBP', price: 7 }, day);
    await expectAccepted(admin.post(`/orders/${first.orderIds[0]}/cancel`, { reason: 'changed my mind' }));
    const { body } = await eventually(
      () => system.as('analyst').get(`/analytics/daily?from=${day}&to=${day}`),
      (answer) =>
        answer.body.items[0]?.orders === 3 && answer.body.items[0].cancelled > 0 && answer.body.items.length === 2,
    );
    const [usd, gbp] = body.items;
    expect(usd).toEqual({
      date: day,
      currency: 'USD',
      orders: 3,
      revenue: 159.98,
      averageOrderValue: 53.33,
      uniqueCustomers: 2,
      cancelled: 29.99,
      refunded: 0,
      netRevenue: 129.99,
      version: 4,
      lastUpdated: usd.lastUpdated,
    });
    expect(gbp).toMatchObject({ currency: 'GBP', orders: 1, revenue: 7 });
  });

  it('sums up ten orders of almost the largest total, which exceed 2^53 minor units', async () => {
    const day = '2025-11-29';
    const largest = { price: 9_999_999_999_999.99, creditLimit: 10_000_000_000_000, currency: 'IRR' };
    for (let index = 0; index < 10; index++) await placeOrders(1, largest, day);
    const { body } = await eventually(
      () => system.as('analyst').get(`/analytics/daily?from=${day}&to=${day}`),
      (answer) => answer.body.items[0]?.orders === 10,
    );
    const revenue = 99_999_999_999_999.9;
    const averageOrderValue = 9_999_999_999_999.99;
    expect(body.items).toMatchObject([{ currency: 'IRR', revenue, averageOrderValue, netRevenue: revenue }]);
  });

  it('returns the last 30 days if no range is given', async () => {
    expect((await system.as('analyst').get('/analytics/daily')).status).toBe(200);
  });

  it.each([
    ['from=2026-01-02&to=2026-01-01', 'from'],
    ['from=2020-01-01&to=2026-01-01', 'from'],
    ['to=tomorrow', 'to'],
  ])('returns 400 for ?%s', async (query, path) => {
    const { status, body } = await admin.get(`/analytics/daily?${query}`);
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });

  it.each(['customer', 'warehouse'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/analytics/daily')).status).toBe(403);
  });
});

describe('GET /analytics/reports/{name}', () => {
  it('has the orders of a day, with the sums of the read model', async () => {
    const { customerId, orderIds } = reported;
    const day = REPORTED_DAY;
    const { body } = await eventually(
      () => system.as('analyst').get(`/analytics/reports/daily-metrics?from=${day}&to=${day}`),
      (answer) => answer.body.items?.[0]?.orderCount === 2,
    );
    const sales = await list(`/analytics/daily?from=${day}&to=${day}`, system.as('analyst'));
    expect(body).toEqual({
      name: 'daily-metrics',
      asOf: expect.any(String),
      items: sales.body.items.map((item: Record<string, unknown>) => ({
        orderDate: item.date,
        currency: item.currency,
        orderCount: item.orders,
        totalRevenue: item.revenue,
        avgOrderValue: item.averageOrderValue,
        uniqueCustomers: item.uniqueCustomers,
      })),
    });
    const orders = await admin.get(`/analytics/reports/order-summary?from=${day}&to=${day}&limit=1`);
    expect(orders.body.items).toMatchObject([
      { orderId: orderIds[1], customerId, status: 'submitted', totalAmount: 12.5 },
    ]);
    expect(orders.body.continuationToken).toEqual(expect.any(String));
  });

  it.each(['warehouse', 'customer'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/analytics/reports/daily-metrics')).status).toBe(403);
  });

  it('returns 404 for an unknown report', async () => {
    const { status, body } = await admin.get('/analytics/reports/weekly-metrics');
    expect([status, body.code]).toEqual([404, 'report-not-found']);
  });
});

describe('GET /analytics/live', () => {
  const MINUTE_MS = 60_000;
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
  const startOf = (time: string) => `${time.slice(0, 16)}:00.000Z`;

  interface Minute {
    readonly minute: string;
    readonly currency: string;
    readonly orders: number;
    readonly revenue: number;
  }

  /** Places an order in a currency that no other test uses. */
  async function placeIn(currency: string, price: number, placedAt?: string) {
    const { customerId, productId } = await customerAndProduct(admin, { currency, price });
    const items = [{ productId, quantity: 2 }];
    await expectAccepted(
      admin.post('/orders', { customerId, items, currency, shippingAddress: ADDRESS, ...(placedAt && { placedAt }) }),
    );
  }

  /** The response, once the minutes of a currency have this many orders. */
  async function liveOf(currency: string, orders: number, minutes = 60) {
    const inCurrency = (items: readonly Minute[]) => items.filter((item) => item.currency === currency);
    const { body, headers } = await eventually(
      () => system.as('analyst').get(`/analytics/live?minutes=${minutes}`),
      (answer) => inCurrency(answer.body.items).reduce((sum, item) => sum + item.orders, 0) === orders,
    );
    return { body, headers, items: inCurrency(body.items) };
  }

  it('returns orders and revenue by the minute of placedAt, oldest first, with the current minute', async () => {
    const [earlier, earliest] = [minutesAgo(5), minutesAgo(50)];
    const before = startOf(new Date().toISOString());
    await placeIn('SEK', 10.5);
    await placeIn('SEK', 3, earlier);
    await placeIn('SEK', 4, earliest);
    await placeIn('SEK', 5, earlier);
    const { items, body, headers } = await liveOf('SEK', 4);
    expect(items).toEqual([
      {
        minute: startOf(earliest),
        currency: 'SEK',
        orders: 1,
        revenue: 8,
        version: 1,
        lastUpdated: expect.any(String),
      },
      {
        minute: startOf(earlier),
        currency: 'SEK',
        orders: 2,
        revenue: 16,
        version: 2,
        lastUpdated: expect.any(String),
      },
      {
        minute: expect.any(String),
        currency: 'SEK',
        orders: 1,
        revenue: 21,
        version: 1,
        lastUpdated: expect.any(String),
      },
    ]);
    expect(Date.parse(items.at(-1)?.minute ?? '')).toBeGreaterThanOrEqual(Date.parse(before));
    expect(Object.keys(body)).toEqual(['items', 'watermark']);
    expect(new Date(body.watermark).toISOString()).toBe(body.watermark);
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it('leaves out minutes before the range, and orders that were placed more than 25 hours before they arrive', async () => {
    await placeIn('NOK', 1, minutesAgo(26 * 60));
    await placeIn('NOK', 1, minutesAgo(30));
    await placeIn('NOK', 1, minutesAgo(1_400));
    await placeIn('NOK', 1);
    expect((await liveOf('NOK', 1, 10)).items).toHaveLength(1);
    expect((await liveOf('NOK', 2)).items).toHaveLength(2);
    expect((await liveOf('NOK', 3, 1_440)).items).toHaveLength(3);
  });

  it('keeps a cancelled order in its minute', async () => {
    const { customerId, productId } = await customerAndProduct(admin, { currency: 'DKK' });
    const order = { customerId, items: [{ productId, quantity: 1 }], currency: 'DKK', shippingAddress: ADDRESS };
    const { body } = await expectAccepted(admin.post('/orders', order));
    await expectAccepted(admin.post(`/orders/${body.orderId}/cancel`, { reason: 'changed my mind' }));
    await list(`/customers/${customerId}/orders?status=cancelled`);
    expect((await liveOf('DKK', 1)).items).toMatchObject([{ orders: 1, revenue: 29.99 }]);
  });

  it('costs one request to Cosmos DB', async () => {
    const { requests } = system.azure.cosmosDb;
    requests.reset();
    await system.as('analyst').get('/analytics/live?minutes=1440');
    expect(readsOf(requests).requests).toBe(1);
  });

  it.each([
    ['minutes=0', 'minutes'],
    ['minutes=1441', 'minutes'],
    ['minutes=1.5', 'minutes'],
    ['minutes=many', 'minutes'],
    ['minutes=', 'minutes'],
    ['minutes=1&minutes=2', 'minutes'],
    ['from=2026-01-01', 'from'],
  ])('returns 400 for ?%s', async (query, path) => {
    const { status, body } = await admin.get(`/analytics/live?${query}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });

  it.each(['customer', 'warehouse'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/analytics/live')).status).toBe(403);
  });
});
