import { DatabaseSync } from 'node:sqlite';
import { describe, expect } from 'vitest';
import { query } from '../support/commands/write-store-rows.ts';
import {
  castOrder,
  expectAccepted,
  NEW_ADDRESS,
  type OrderCast,
  STEPS,
  type StepName,
  TRACKING,
} from '../support/shop/order-steps.ts';
import { type ApiResponse, uniqueId } from '../support/system/api-client.ts';
import { readsOf } from '../support/system/cosmos-requests.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

const LIFE: readonly StepName[] = [
  'CreateOrder',
  'AddItem',
  'ChangeShippingAddress',
  'SubmitOrder',
  'ConfirmOrder',
  'ShipOrder',
  'DeliverOrder',
  'RefundOrder',
];
const ALL_PARTS = 'include=history,tracking';

let system: TestSystem;
let cast: OrderCast;
/** The order as read immediately after each command, without waiting. */
const seen: ApiResponse[] = [];
let path: string;

it.beforeAll(async ({ shared }) => {
  system = shared;
  cast = await castOrder(system);
  path = `/orders/${cast.orderId}/current`;
  for (const step of LIFE) {
    await expectAccepted(STEPS[step](cast));
    seen.push(await cast.customer.get(`${path}?${ALL_PARTS}`));
  }
});

const version = (number: number, parts = '') => cast.customer.get(`${path}?version=${number}${parts}`);

describe('GET /orders/{orderId}/current', () => {
  it('reflects each command as soon as it is accepted', () => {
    expect(seen.map(({ status, body, headers }) => [status, body.status, body.version, headers.get('etag')])).toEqual([
      [200, 'draft', 1, '"1"'],
      [200, 'draft', 2, '"2"'],
      [200, 'draft', 3, '"3"'],
      [200, 'submitted', 4, '"4"'],
      [200, 'confirmed', 5, '"5"'],
      [200, 'shipped', 6, '"6"'],
      [200, 'delivered', 7, '"7"'],
      [200, 'refunded', 8, '"8"'],
    ]);
  });

  it('says how old the answer may be, to callers who accept an age', async () => {
    const { status, body, headers } = await cast.customer.get(path, { 'cache-control': 'max-age=60' });
    expect([status, body.version]).toEqual([200, LIFE.length]);
    expect(Number(headers.get('x-data-age') ?? Number.NaN)).toBeLessThanOrEqual(60);
    expect(seen.map((response) => response.headers.get('x-data-age'))).toEqual(LIFE.map(() => null));
  });

  it('sends no request to the read models', async () => {
    system.azure.cosmosDb.requests.reset();
    await cast.customer.get(path);
    expect(readsOf(system.azure.cosmosDb.requests).requests).toBe(0);
  });

  it('equals GET /orders/{orderId} once the read model has caught up', async () => {
    const page = await cast.customer.get(`/orders/${cast.orderId}?minVersion=${LIFE.length}&${ALL_PARTS}`);
    expect(seen.at(-1)?.body).toEqual(page.body);
  });

  it('returns history and tracking only when ?include requests them', async () => {
    const parts = async (include: string) => {
      const { body } = await cast.customer.get(`${path}${include}`);
      return ['history', 'tracking'].filter((part) => part in body);
    };
    expect(await parts('')).toEqual([]);
    expect(await parts('?include=history')).toEqual(['history']);
    expect(await parts('?include=tracking')).toEqual(['tracking']);
  });

  it('returns 304 to a client that already has the version', async () => {
    const { status, body } = await cast.customer.get(path, { 'if-none-match': `"${LIFE.length}"` });
    expect([status, body]).toEqual([304, undefined]);
    expect((await cast.customer.get(path, { 'if-none-match': '"1"' })).status).toBe(200);
  });
});

describe('a damaged earlier data key of the customer', () => {
  it('does not hide what the other keys decrypt', async () => {
    const database = new DatabaseSync(system.writeStore, { timeout: 30_000 });
    database
      .prepare(
        `INSERT INTO RetiredCustomerKeys (CustomerId, KeyId, WrappedKey, MasterKeyVersion, RetiredAt)
         SELECT CustomerId, 'v1.damaged', :damaged, MasterKeyVersion, '2026-01-15T10:30:00.000Z' FROM CustomerKeys WHERE CustomerId = :customerId`,
      )
      .run({ damaged: Buffer.alloc(40).toString('base64'), customerId: cast.customerId });
    database.close();
    const { status, body } = await cast.customer.get(`${path}?${ALL_PARTS}`);
    expect([status, body]).toEqual([200, seen.at(-1)?.body]);
  });
});

describe('GET /orders/{orderId}/current?version=N', () => {
  it.each(LIFE.map((step, index) => [index + 1, step] as const))(
    'returns the order at version %i as it was right after %s',
    async (number) => {
      const { status, headers, body } = await version(number, `&${ALL_PARTS}`);
      expect([status, headers.get('etag')]).toEqual([200, `"${number}"`]);
      expect(body).toEqual(seen[number - 1]?.body);
    },
  );

  it('returns the new draft at version 1, without items, address and date', async () => {
    const { orderId, customerId } = cast;
    const { body } = await version(1);
    expect(body).toEqual({
      orderId,
      customerId,
      customerName: 'Ada Lovelace',
      status: 'draft',
      currency: 'USD',
      items: [],
      total: 0,
      shippingAddress: null,
      placedAt: null,
      version: 1,
      lastUpdated: body.lastUpdated,
    });
  });

  it('returns the shipped order with its lines, address and tracking', async () => {
    const { body } = await version(6, '&include=tracking');
    expect(body).toMatchObject({
      status: 'shipped',
      items: [{ line: 1, productId: cast.lamp, productName: 'Desk lamp', quantity: 2, price: 29.99, lineTotal: 59.98 }],
      total: 59.98,
      shippingAddress: NEW_ADDRESS,
      placedAt: seen[3]?.body.lastUpdated,
      tracking: { ...TRACKING, shippedAt: body.lastUpdated },
    });
    expect(body.tracking).not.toHaveProperty('deliveredAt');
  });

  it('returns the history up to that version, with the user of each event', async () => {
    const { body } = await version(6, '&include=history');
    const history = body.history.map(({ version: number, eventType, userId }: Record<string, unknown>) => [
      number,
      eventType,
      userId,
    ]);
    const { customerId } = cast;
    expect(history).toEqual([
      [1, 'OrderCreated', customerId],
      [2, 'ItemAdded', customerId],
      [3, 'ShippingAddressChanged', customerId],
      [4, 'OrderSubmitted', customerId],
      [5, 'OrderConfirmed', expect.any(String)],
      [6, 'OrderShipped', expect.any(String)],
    ]);
  });

  it('returns 304 to a client that already has that version', async () => {
    const { status } = await cast.customer.get(`${path}?version=2`, { 'if-none-match': '"2"' });
    expect(status).toBe(304);
  });

  it.each([LIFE.length + 1, Number.MAX_SAFE_INTEGER])(
    'returns 404 for version %i and states the newest version',
    async (number) => {
      const { status, body } = await version(number);
      expect([status, body.code]).toEqual([404, 'order-not-found']);
      expect(body.detail).toContain(`no version ${number}: its latest version is ${LIFE.length}`);
    },
  );

  it.each(['0', '-1', '1.5', 'x', '1e999'])('returns 400 for version %s', async (text) => {
    const { status, body } = await cast.customer.get(`${path}?version=${text}`);
    expect([status, body.code, body.errors?.[0].path]).toEqual([400, 'validation-failed', 'version']);
  });
});

describe('authorization for GET /orders/{orderId}/current', () => {
  it('allows the order’s customer and an admin', async () => {
    expect((await cast.customer.get(path)).status).toBe(200);
    expect((await cast.admin.get(path)).status).toBe(200);
  });

  it('gives another customer the same 404 as an order that does not exist', async () => {
    const stranger = system.as('customer', uniqueId('stranger'));
    for (const suffix of ['', '?version=1', '?version=99']) {
      const others = await stranger.get(`${path}${suffix}`);
      const missing = await stranger.get(`/orders/missing/current${suffix}`);
      expect([others.status, others.body.code]).toEqual([404, 'order-not-found']);
      expect(others.body.detail.replace(cast.orderId, 'missing')).toBe(missing.body.detail);
    }
  });

  it.each(['warehouse', 'analyst'])('forbids the role %s', async (role) => {
    const { status, body } = await system.as(role).get(path);
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

describe('GET /admin/events', () => {
  const events = (parameters: string) => system.as('admin').get(`/admin/events?${parameters}`);
  const ofOrder = () => `aggregateId=${cast.orderId}`;

  /** All pages of a list. */
  async function allEvents(parameters: string): Promise<readonly StoredEvent[]> {
    const items: StoredEvent[] = [];
    for (let token = ''; ; ) {
      const { status, body } = await events(`${parameters}${token}`);
      expect(status).toBe(200);
      items.push(...body.items);
      if (body.continuationToken === undefined) return items;
      token = `&continuationToken=${body.continuationToken}`;
    }
  }

  it('returns each event of an aggregate once, the newest first', async () => {
    const found = await allEvents(`${ofOrder()}&limit=3`);
    expect(found.map(({ eventType }) => eventType)).toEqual([
      'OrderRefunded',
      'OrderDelivered',
      'OrderShipped',
      'OrderConfirmed',
      'OrderSubmitted',
      'ShippingAddressChanged',
      'ItemAdded',
      'OrderCreated',
    ]);
    expect(new Set(found.map(({ aggregateId }) => aggregateId))).toEqual(new Set([cast.orderId]));
  });

  it('returns an event as it is stored, with its personal data encrypted', async () => {
    const { body } = await events(`${ofOrder()}&eventType=OrderShipped`);
    const [stored] = query(
      system.writeStore,
      `SELECT Body FROM Events WHERE AggregateId = '${cast.orderId}' AND Version = 6`,
    );
    expect(body).toEqual({ items: [JSON.parse(String(stored?.Body))] });
    expect(body.items[0]).toMatchObject({ correlationId: '[erased]', data: { carrier: '[erased]' } });
    expect(Object.keys(body.items[0].personal)).toEqual(['customerId', 'keyId', 'ciphertext']);
  });

  it('tells when each event was committed and published, on request', async () => {
    const { body } = await events(`${ofOrder()}&limit=2&include=times`);
    expect(body.times.map(({ eventId }: { eventId: string }) => eventId)).toEqual(
      body.items.map(({ eventId }: { eventId: string }) => eventId),
    );
    for (const { recordedAt, publishedAt } of body.times) {
      expect(Date.parse(publishedAt)).toBeGreaterThanOrEqual(Date.parse(recordedAt));
    }
  });

  it('finds the events of a type', async () => {
    const found = await allEvents('eventType=OrderShipped');
    expect(new Set(found.map(({ eventType }) => eventType))).toEqual(new Set(['OrderShipped']));
    expect(found.filter(({ aggregateId }) => aggregateId === cast.orderId)).toHaveLength(1);
  });

  it('finds the events of a request by its correlation id, encrypted or not', async () => {
    const correlationId = uniqueId('correlation');
    const headers = { 'x-correlation-id': correlationId };
    const admin = system.as('admin');
    const product = await admin.post('/products', { name: 'Lamp', price: 1, stock: 1 }, headers);
    const contact = { name: 'Ada', email: 'ada@example.com', creditLimit: 1 };
    const customer = await admin.post('/customers', contact, headers);
    const found = await allEvents(`correlationId=${correlationId}`);
    expect(found.map(({ eventType, aggregateId }) => [eventType, aggregateId])).toEqual([
      ['CustomerRegistered', customer.body.customerId],
      ['ProductAdded', product.body.productId],
    ]);
    expect(await allEvents(`correlationId=${correlationId}&eventType=ProductAdded`)).toEqual([found[1]]);
    expect(await allEvents(`correlationId=${correlationId}-unknown`)).toEqual([]);
  });

  it.each([
    ['eventType=Unknown', 'eventType'],
    ['aggregateId=', 'aggregateId'],
    ['limit=101', 'limit'],
    ['continuationToken=abc', 'continuationToken'],
    ['type=OrderPlaced', 'type'],
  ])('returns 400 for %s', async (parameters, path) => {
    const { status, body } = await events(parameters);
    expect([status, body.code, body.errors[0].path]).toEqual([400, 'validation-failed', path]);
  });

  it('returns 400 for the continuation token of another list', async () => {
    const { body: first } = await events(`${ofOrder()}&limit=1`);
    const { status, body } = await events(`limit=1&continuationToken=${first.continuationToken}`);
    expect([status, body.errors[0].path]).toEqual([400, 'continuationToken']);
  });
});

interface StoredEvent {
  readonly eventType: string;
  readonly aggregateId: string;
  readonly version: number;
}
