import { DatabaseSync } from 'node:sqlite';
import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { ERASED, ERASED_ADDRESS } from '../../src/shared/personal-data/placeholders.ts';
import { CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { replayToTheEnd } from '../support/shop/replays.ts';
import { type ApiClient, eventually, uniqueId } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** Words that nothing else in the system has; what they say of the person is in one word each. */
const PERSON = {
  name: 'Zerlina Quirk',
  email: 'zerlina.quirk@example.org',
  phone: '+1 206 555 7391',
};
const HOME = { street: '77 Kumquat Crescent', city: 'Wexbridge', state: 'QZ', zip: '90909', country: 'US' };
const OFFICE = { street: '5 Tamarind Yard', city: 'Ombersley', state: 'QX', zip: '80808' };
const RENAMED = { name: 'Zerlina Fennimore', phone: '+1 206 555 8462' };
const WORDS = [
  'Zerlina',
  'Quirk',
  'Fennimore',
  '555 7391',
  '555 8462',
  'Kumquat',
  'Wexbridge',
  '90909',
  'Tamarind',
  'Ombersley',
  '80808',
];

const told = (text: string) => WORDS.filter((word) => text.toLowerCase().includes(word.toLowerCase()));

let system: TestSystem;
let cosmos: CosmosClient;
let admin: ApiClient;
beforeAll(async () => {
  system = await startSystem();
  cosmos = new CosmosClient(system.azure.cosmosDb.connectionString);
  admin = system.as('admin');
});
afterAll(async () => {
  cosmos.dispose();
  await system.stop();
});

async function accepted(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  expect([status, body]).toEqual([202, body]);
}

const changeContact = (customerId: string, contact: object) =>
  admin.send('PUT', `/customers/${customerId}/contact`, {
    body: JSON.stringify(contact),
    headers: { 'content-type': 'application/json' },
  });

interface Shopper {
  readonly customerId: string;
  readonly productId: string;
  /** A draft, an order under way to its first address and then to another one, one that is delivered, and one that was refunded. */
  readonly draft: string;
  readonly confirmed: string;
  readonly delivered: string;
  readonly refunded: string;
}

/** A customer with a past: orders in every state of knowledge, and another name since. */
async function openShopper(): Promise<Shopper> {
  const shopper = {
    customerId: uniqueId('shopper'),
    productId: uniqueId('lamp'),
    draft: uniqueId('draft'),
    confirmed: uniqueId('confirmed'),
    delivered: uniqueId('delivered'),
    refunded: uniqueId('refunded'),
  };
  const { customerId, productId, draft, confirmed, delivered, refunded } = shopper;
  await accepted(admin.post('/customers', { customerId, ...PERSON, creditLimit: 10_000 }));
  await accepted(admin.post('/products', { productId, name: 'Desk lamp', price: 29.99, stock: 100 }));
  const items = [{ productId, quantity: 1 }];
  await accepted(admin.post('/orders/drafts', { orderId: draft, customerId, items, shippingAddress: HOME }));
  for (const orderId of [confirmed, delivered, refunded]) {
    await accepted(admin.post('/orders', { orderId, customerId, items, shippingAddress: HOME }));
    await accepted(admin.post(`/orders/${orderId}/confirm`, {}));
  }
  await accepted(
    admin.send('PUT', `/orders/${confirmed}/shipping-address`, {
      body: JSON.stringify(OFFICE),
      headers: { 'content-type': 'application/json' },
    }),
  );
  await accepted(admin.post(`/orders/${delivered}/ship`, { carrier: 'UPS', trackingNumber: '1Z' }));
  await accepted(admin.post(`/orders/${delivered}/deliver`, {}));
  await accepted(admin.post(`/orders/${refunded}/refund`, { reason: 'Zerlina has moved' }));
  await accepted(changeContact(customerId, RENAMED));
  await eventually(
    () => everyAnswerAbout(shopper),
    (answers) => answers.every((answer) => answer.includes(RENAMED.name) || answer.includes('Kumquat')),
  );
  return shopper;
}

/** Every GET that shows something of the shopper, as text. */
async function everyAnswerAbout({
  customerId,
  draft,
  confirmed,
  delivered,
  refunded,
}: Shopper): Promise<readonly string[]> {
  const shipments = (await admin.get('/shipments?limit=100')).body.items;
  const found = (await admin.get(`/orders?q=${encodeURIComponent(confirmed)}&limit=100`)).body.items;
  const answers = [
    await admin.get(`/orders/${draft}?include=history`),
    await admin.get(`/orders/${confirmed}?include=history`),
    await admin.get(`/orders/${delivered}?include=history,tracking`),
    await admin.get(`/orders/${refunded}?include=history`),
    await admin.get(`/orders/${confirmed}/current?include=history`),
    await admin.get(`/orders/${confirmed}/current?version=1&include=history`),
    await admin.get(`/customers/${customerId}/summary`),
  ].map(({ body }) => body);
  const [shipment] = shipments.filter(({ orderId }: { readonly orderId: string }) => orderId === confirmed);
  const [hit] = found.filter(({ orderId }: { readonly orderId: string }) => orderId === confirmed);
  return [...answers, shipment, hit].map((body) => JSON.stringify(body) ?? 'nothing');
}

/** Waits until no answer tells of the person, and every one says that there is one who is erased. */
async function expectErased(shopper: Shopper): Promise<void> {
  const answers = await eventually(
    () => everyAnswerAbout(shopper),
    (texts) => texts.every((text) => told(text).length === 0 && text.includes(ERASED)),
  );
  expect(answers).toHaveLength(9);
}

/** Every text in every table of the write store, with the name of its column. */
function textsInWriteStore(): readonly string[] {
  const database = new DatabaseSync(system.writeStore, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => `${name}: ${JSON.stringify(row)}`),
    );
  } finally {
    database.close();
  }
}

const textsInHubs = () =>
  [ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB].flatMap((hub) =>
    system.azure.eventHubs.events(hub).map(({ body }) => `${hub}: ${body.toString()}`),
  );

async function textsInCosmosDb(): Promise<readonly string[]> {
  const containers = await Promise.all(
    CONTAINERS.map(async ({ name }) => {
      const { resources } = await cosmos.database('orders').container(name).items.readAll().fetchAll();
      return resources.map((document) => `${name}: ${JSON.stringify(document)}`);
    }),
  );
  return containers.flat();
}

const thatTell = (texts: readonly string[]) => texts.filter((text) => told(text).length > 0);

describe('a customer who is erased', () => {
  it('is known to nobody any more: not to any answer, table, event or document, and not after a replay', async () => {
    const shopper = await openShopper();
    expect(thatTell(textsInHubs())).toEqual([]);
    await accepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    await expectErased(shopper);
    await replayToTheEnd(system, { readModel: 'all' });
    await expectErased(shopper);
    expect(thatTell(textsInWriteStore())).toEqual([]);
    expect(thatTell(textsInHubs())).toEqual([]);
    await eventually(
      async () => thatTell(await textsInCosmosDb()),
      (texts) => texts.length === 0,
    );
  });

  it('leaves their orders with all that is no person', async () => {
    const shopper = await openShopper();
    const { body: before } = await admin.get(`/orders/${shopper.delivered}?include=history,tracking`);
    await accepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    await expectErased(shopper);
    const { body: after } = await admin.get(`/orders/${shopper.delivered}?include=history,tracking`);
    expect(after).toMatchObject({
      customerId: shopper.customerId,
      customerName: ERASED,
      shippingAddress: ERASED_ADDRESS,
      status: 'delivered',
      total: before.total,
      items: before.items,
      tracking: before.tracking,
      version: before.version,
    });
    expect(after.history.map(({ eventType }: { readonly eventType: string }) => eventType)).toEqual(
      before.history.map(({ eventType }: { readonly eventType: string }) => eventType),
    );
    const { body: summary } = await admin.get(`/customers/${shopper.customerId}/summary`);
    expect(summary).toMatchObject({ name: ERASED, orders: 3, totalSpent: 59.98 });
  });

  it('orders nothing any more, while what is under way goes on to its end', async () => {
    const shopper = await openShopper();
    const { customerId, productId, draft, confirmed } = shopper;
    await accepted(admin.post(`/customers/${customerId}/erase`, {}));
    const order = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: HOME };
    const refused = [
      await admin.post('/orders', order),
      await admin.post('/orders/drafts', order),
      await admin.post(`/orders/${draft}/submit`, {}),
      await admin.post(`/orders/${draft}/items`, { productId, quantity: 1 }),
      await changeContact(customerId, PERSON),
      await admin.post(`/customers/${customerId}/erase`, {}),
      await admin.post('/commands', { commandType: 'EraseCustomer', aggregateId: customerId }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [404, 'customer-not-found']),
    );
    const again = await admin.post('/customers', { customerId, ...PERSON, creditLimit: 1 });
    expect([again.status, again.body.code]).toEqual([409, 'customer-exists']);
    await accepted(admin.post(`/orders/${draft}/cancel`, { reason: 'Zerlina is gone' }));
    await accepted(admin.post(`/orders/${confirmed}/ship`, { carrier: 'UPS', trackingNumber: '2Z' }));
    await accepted(admin.post(`/orders/${confirmed}/deliver`, {}));
    const { body } = await admin.get(`/orders/${confirmed}?minVersion=5`);
    expect([body.status, body.customerName, body.shippingAddress]).toEqual(['delivered', ERASED, ERASED_ADDRESS]);
    expect(thatTell(textsInWriteStore())).toEqual([]);
  });

  it('is not in what a client has kept from before: no 304 confirms it', async () => {
    const { customerId, confirmed } = await openShopper();
    const paths = ['', '/current', '/current?version=1'].map((path) => `/orders/${confirmed}${path}`);
    const tagOf = async (path: string) => (await admin.get(path)).headers.get('etag') ?? '';
    const before = await Promise.all(paths.map(tagOf));
    await accepted(admin.post(`/customers/${customerId}/erase`, {}));
    await eventually(
      () => Promise.all(paths.map((path, index) => admin.get(path, { 'if-none-match': before[index] ?? '' }))),
      (answers) => answers.every(({ status }) => status === 200),
    );
  });

  it('is erased once, however often the command is sent', async () => {
    const { customerId } = await openShopper();
    const key = { 'idempotency-key': uniqueId('erase') };
    const first = await admin.post(`/customers/${customerId}/erase`, {}, key);
    const second = await admin.post(`/customers/${customerId}/erase`, {}, key);
    expect(first.body).toMatchObject({ customerId, version: 3, status: 'accepted' });
    expect([second.status, second.body.version]).toEqual([202, 3]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('can be erased by an envelope, too', async () => {
    const { customerId } = await openShopper();
    await accepted(admin.post('/commands', { commandType: 'EraseCustomer', aggregateId: customerId }));
    expect(thatTell(textsInWriteStore())).toEqual([]);
  });
});
