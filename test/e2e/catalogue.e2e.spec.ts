import { describe, expect } from 'vitest';
import { expectAccepted, put } from '../support/shop/order-steps.ts';
import {
  ADDRESS,
  type ApiClient,
  type ApiResponse,
  customerAndProduct,
  eventually,
  uniqueId,
} from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let admin: ApiClient;
it.beforeAll(async ({ shared }) => {
  system = shared;
  admin = system.as('admin');
});

async function addProduct(name: string, stock = 10): Promise<string> {
  const productId = uniqueId('product');
  await expectAccepted(admin.post('/products', { productId, name, price: 29.99, stock }));
  return productId;
}

const productWith = (productId: string, available: number, client = admin) =>
  eventually(
    () => client.get(`/products/${productId}`),
    ({ body }) => body.available === available,
  );

const idsIn = ({ body }: ApiResponse): readonly string[] =>
  body.items.map(({ productId, customerId }: Readonly<Record<string, string>>) => productId ?? customerId);

/** Sends a request without a token. */
const withoutToken = (path: string, headers: Readonly<Record<string, string>> = {}, url = system.host.url) =>
  fetch(`${url}/api${path}`, { headers });

describe('GET /products/{productId}', () => {
  it('returns the fields of the contract to anyone with a token, even without a role', async () => {
    const productId = await addProduct('Desk lamp');
    const { body } = await productWith(productId, 10);
    expect(body).toEqual({
      productId,
      name: 'Desk lamp',
      price: 29.99,
      currency: 'USD',
      available: 10,
      version: 1,
      lastUpdated: body.lastUpdated,
    });
    for (const role of ['customer', 'warehouse', 'analyst', 'none']) {
      const answer = await system.as(role).get(`/products/${productId}`);
      expect([role, answer.status, answer.body]).toEqual([role, 200, body]);
    }
  });

  it('has exactly the stock that orders, cancellations and adjustments leave', async () => {
    const { customerId, productId } = await customerAndProduct(admin, { stock: 100 });
    const [first, second] = [uniqueId('order'), uniqueId('order')];
    const line = { productId, quantity: 3 };
    await expectAccepted(
      admin.post('/orders', { orderId: first, customerId, items: [line, line], shippingAddress: ADDRESS }),
    );
    await expectAccepted(
      admin.post('/orders/drafts', { orderId: second, customerId, items: [line], shippingAddress: ADDRESS }),
    );
    await expectAccepted(admin.post(`/products/${productId}/stock`, { delta: 5, reason: 'delivery' }));
    await productWith(productId, 100 - 6 + 5);
    await expectAccepted(admin.post(`/orders/${second}/submit`, {}));
    await productWith(productId, 96);
    await expectAccepted(admin.post(`/orders/${first}/cancel`, { reason: 'changed my mind' }));
    await productWith(productId, 102);
    await expectAccepted(admin.post(`/orders/${second}/confirm`, {}));
    await expectAccepted(admin.post(`/orders/${second}/refund`, { reason: 'broken' }));
    await admin.get(`/orders/${second}?minVersion=4`);
    expect((await productWith(productId, 102)).body.version).toBe(2);
  });

  it('has an ETag that changes with the stock, and whose version a command takes as If-Match', async () => {
    const { customerId, productId } = await customerAndProduct(admin, { stock: 10 });
    const before = (await productWith(productId, 10)).headers.get('etag') ?? '';
    const known = await admin.get(`/products/${productId}`, { 'if-none-match': before });
    expect(known.status).toBe(304);
    await expectAccepted(
      admin.post('/orders', { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS }),
    );
    const after = (await productWith(productId, 9)).headers.get('etag') ?? '';
    expect(after).not.toBe(before);
    const headers = { 'if-match': after, 'content-type': 'application/json' };
    await expectAccepted(admin.send('PUT', `/products/${productId}/price`, { body: '{"price":19.99}', headers }));
  });

  it('is where the answer to a command on a product points to', async () => {
    const productId = uniqueId('a b');
    const { headers } = await expectAccepted(admin.post('/products', { productId, name: 'Lamp', price: 1, stock: 1 }));
    const location = headers.get('location');
    expect(location).toBe(`/api/products/${encodeURIComponent(productId)}`);
    const { body } = await eventually(
      () => admin.get(location?.replace('/api', '') ?? ''),
      ({ status }) => status === 200,
    );
    expect(body.productId).toBe(productId);
  });

  it('returns 404 for an unknown product, and 400 for an unknown parameter', async () => {
    const unknown = await admin.get('/products/nothing');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'product-not-found']);
    const wrong = await admin.get('/products/nothing?color=red');
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'color']);
  });
});

describe('a product that is renamed', () => {
  it('has its new name in the catalogue, and keeps the former one in orders', async () => {
    const { customerId, productId } = await customerAndProduct(admin);
    const order = { orderId: uniqueId('order'), customerId, items: [{ productId, quantity: 1 }] };
    await expectAccepted(admin.post('/orders', { ...order, shippingAddress: ADDRESS }));
    const name = `Brass lamp ${uniqueId('x')}`;
    await expectAccepted(put(admin, `/products/${productId}/name`, { name }));
    await expectAccepted(admin.post(`/orders/${order.orderId}/confirm`, {}));
    const renamed = await eventually(
      () => admin.get(`/products?q=${encodeURIComponent(name)}`),
      ({ body }) => body.items.length === 1,
    );
    expect(renamed.body.items[0]).toMatchObject({ productId, name });
    const { body } = await admin.get(`/orders/${order.orderId}?minVersion=2`);
    expect(body.items[0].productName).toBe('Desk lamp');
  });
});

describe('a product that is discontinued', () => {
  it('is refused in every way to order it, gone from lists, and still there by its id and in orders', async () => {
    const { customerId, productId } = await customerAndProduct(admin, { stock: 10 });
    const customer = system.as('customer', customerId);
    const items = [{ productId, quantity: 1 }];
    const order = { customerId, items, shippingAddress: ADDRESS };
    const [placed, draft] = [uniqueId('order'), uniqueId('order')];
    await expectAccepted(customer.post('/orders', { ...order, orderId: placed }));
    await expectAccepted(customer.post('/orders/drafts', { ...order, orderId: draft }));
    const before = await productWith(productId, 9);
    await expectAccepted(admin.post(`/products/${productId}/discontinue`, { reason: 'No longer made' }));
    const answers = [
      await customer.post('/orders', order),
      await customer.post('/orders/drafts', order),
      await customer.post('/orders/quote', order),
      await customer.post(`/orders/${draft}/items`, { productId, quantity: 1 }),
      await put(customer, `/orders/${draft}/lines/1`, { quantity: 2 }),
      await customer.post(`/orders/${draft}/submit`, {}),
      await admin.post(`/products/${productId}/discontinue`, { reason: 'again' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      answers.map(() => [422, 'product-discontinued']),
    );
    await eventually(
      () => admin.get(`/products?q=${productId}`),
      ({ body }) => body.items.length === 0,
    );
    const after = await admin.get(`/products/${productId}`);
    expect([after.status, after.body]).toEqual([
      200,
      { ...before.body, version: 2, lastUpdated: after.body.lastUpdated },
    ]);
    await expectAccepted(admin.post(`/orders/${placed}/confirm`, {}));
    expect((await admin.get(`/orders/${placed}?minVersion=2`)).body.items).toMatchObject([{ productId, quantity: 1 }]);
  });
});

describe('GET /products', () => {
  it('finds products by prefixes of their words, newest first, in pages', async () => {
    const word = uniqueId('Brûlée').replaceAll('-', '');
    const added: string[] = [];
    for (const name of ['Dish', 'Pan', 'Torch']) added.push(await addProduct(`${name} ${word}`));
    const q = `q=${encodeURIComponent(word.toUpperCase())}`;
    await eventually(
      () => admin.get(`/products?${q}`),
      ({ body }) => body.items.length === 3,
    );
    const first = await admin.get(`/products?${q}&limit=2`);
    const rest = await admin.get(`/products?${q}&limit=2&continuationToken=${first.body.continuationToken}`);
    expect([idsIn(first), idsIn(rest)]).toEqual([[added[2], added[1]], [added[0]]]);
    expect(rest.body.continuationToken).toBeUndefined();
    expect(idsIn(await admin.get(`/products?${q}%20pa`))).toEqual([added[1]]);
    expect(idsIn(await admin.get(`/products?q=${added[0]}`))).toEqual([added[0]]);
    expect(first.body.items[0]).toEqual((await admin.get(`/products/${added[2]}`)).body);
  });

  it.each([
    ['limit=101', 'limit'],
    ['continuationToken=%21', 'continuationToken'],
    ['q=a%20b%20c%20d%20e%20f%20g%20h%20i', 'q'],
    ['color=red', 'color'],
  ])('returns 400 for ?%s', async (query, path) => {
    const { status, body } = await admin.get(`/products?${query}`);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });
});

describe('the catalogue without a token', () => {
  it('is closed by default', async () => {
    const answers = [await withoutToken('/products'), await withoutToken('/products/p1')];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('is open where CATALOGUE_ANONYMOUS allows it, but refuses a token that is not valid, and opens nothing else', async () => {
    const productId = await addProduct('Open lamp');
    await productWith(productId, 10);
    const host = await system.startApp('queries', { CATALOGUE_ANONYMOUS: 'true' });
    try {
      const get = (path: string, headers = {}) => withoutToken(path, headers, host.url);
      const [one, many] = [await get(`/products/${productId}`), await get('/products?q=open')];
      expect([one.status, many.status, await one.json()]).toMatchObject([200, 200, { productId }]);
      const refused = [await get('/products', { authorization: 'Bearer nonsense' }), await get('/customers')];
      expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    } finally {
      await host.stop();
    }
  });
});

describe('GET /customers/{customerId}', () => {
  const creditOf = (customerId: string, creditAvailable: number, client = admin) =>
    eventually(
      () => client.get(`/customers/${customerId}`),
      ({ body }) => body.creditAvailable === creditAvailable,
    );

  it('returns the fields of the contract to the customer and to admins', async () => {
    const customerId = uniqueId('customer');
    const contact = { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+1 206 555 0142' };
    await expectAccepted(admin.post('/customers', { customerId, ...contact, creditLimit: 100 }));
    const { body } = await creditOf(customerId, 100);
    expect(body).toEqual({
      customerId,
      ...contact,
      currency: 'USD',
      creditLimit: 100,
      creditAvailable: 100,
      version: 1,
      lastUpdated: body.lastUpdated,
    });
    expect((await system.as('customer', customerId).get(`/customers/${customerId}`)).body).toEqual(body);
  });

  it('has exactly the credit that open orders leave', async () => {
    const { customerId, productId } = await customerAndProduct(admin, { price: 30, creditLimit: 100 });
    const ids = [uniqueId('order'), uniqueId('order')];
    for (const orderId of ids) {
      await expectAccepted(
        admin.post('/orders', { orderId, customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS }),
      );
    }
    const before = (await creditOf(customerId, 40)).headers.get('etag');
    await expectAccepted(admin.post(`/orders/${ids[0]}/cancel`, { reason: 'changed my mind' }));
    expect((await creditOf(customerId, 70)).headers.get('etag')).not.toBe(before);
    await expectAccepted(admin.post(`/orders/${ids[1]}/confirm`, {}));
    await expectAccepted(admin.post(`/orders/${ids[1]}/ship`, { carrier: 'UPS', trackingNumber: '1Z' }));
    await expectAccepted(admin.post(`/orders/${ids[1]}/deliver`, {}));
    const { body, headers } = await creditOf(customerId, 100);
    const send = { 'if-match': headers.get('etag') ?? '', 'content-type': 'application/json' };
    await expectAccepted(
      admin.send('PUT', `/customers/${customerId}/credit-limit`, { body: '{"creditLimit":50}', headers: send }),
    );
    expect((await creditOf(customerId, 50)).body).toEqual({
      ...body,
      creditLimit: 50,
      creditAvailable: 50,
      version: 2,
      lastUpdated: expect.any(String),
    });
  });

  it('returns 304 to a client that has this version', async () => {
    const { customerId } = await customerAndProduct(admin, { creditLimit: 100 });
    const etag = (await creditOf(customerId, 100)).headers.get('etag') ?? '';
    expect((await admin.get(`/customers/${customerId}`, { 'if-none-match': etag })).status).toBe(304);
  });

  it('does not exist for another customer, and is forbidden for the warehouse and analysts', async () => {
    const { customerId } = await customerAndProduct(admin, { creditLimit: 100 });
    await creditOf(customerId, 100);
    const stranger = await system.as('customer', 'someone-else').get(`/customers/${customerId}`);
    const unknown = await admin.get('/customers/nobody');
    expect([stranger, unknown].map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'customer-not-found'],
      [404, 'customer-not-found'],
    ]);
    for (const role of ['warehouse', 'analyst']) {
      expect((await system.as(role).get(`/customers/${customerId}`)).status).toBe(403);
    }
  });

  it('is where the answer to a command on a customer points to', async () => {
    const customerId = uniqueId('customer');
    const contact = { name: 'Ada', email: 'ada@example.com', creditLimit: 1 };
    const { headers } = await expectAccepted(admin.post('/customers', { customerId, ...contact }));
    expect(headers.get('location')).toBe(`/api/customers/${customerId}`);
  });
});

describe('GET /customers', () => {
  it('finds customers by name and contact details, newest first, and no longer once they are erased', async () => {
    const word = uniqueId('zerlina').replaceAll('-', '');
    const ids: string[] = [];
    for (const name of ['Ada', 'Grace']) {
      const customerId = uniqueId('customer');
      ids.push(customerId);
      const email = `${name.toLowerCase()}@${word}.example`;
      await expectAccepted(admin.post('/customers', { customerId, name, email, creditLimit: 100 }));
    }
    const found = (count: number) =>
      eventually(
        () => admin.get(`/customers?q=${word}`),
        ({ body }) => body.items.length === count,
      );
    expect(idsIn(await found(2))).toEqual([ids[1], ids[0]]);
    const first = await admin.get(`/customers?q=${word}&limit=1`);
    const second = await admin.get(`/customers?q=${word}&limit=1&continuationToken=${first.body.continuationToken}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual([ids[1], ids[0]]);
    expect(idsIn(await admin.get(`/customers?q=gra%20${word}`))).toEqual([ids[1]]);
    await expectAccepted(admin.post(`/customers/${ids[0]}/erase`, {}));
    expect(idsIn(await found(1))).toEqual([ids[1]]);
  });

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    expect((await system.as(role, 'ada').get('/customers')).status).toBe(403);
  });

  it('returns 400 for an unknown parameter', async () => {
    const { status, body } = await admin.get('/customers?name=ada');
    expect([status, body.errors[0].path]).toEqual([400, 'name']);
  });
});

it('each query of products and customers costs one request to Cosmos DB', async () => {
  const { customerId, productId } = await customerAndProduct(admin, { creditLimit: 100, stock: 10 });
  await productWith(productId, 10);
  await eventually(
    () => admin.get(`/customers/${customerId}`),
    ({ status }) => status === 200,
  );
  for (const path of [`/products/${productId}`, '/products?q=lamp', `/customers/${customerId}`, '/customers?q=ada']) {
    system.azure.cosmosDb.requests.reset();
    expect((await admin.get(path)).status).toBe(200);
    expect([path, readsOf(system.azure.cosmosDb.requests).requests]).toEqual([path, 1]);
  }
});
