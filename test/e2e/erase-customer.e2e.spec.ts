import { DatabaseSync } from 'node:sqlite';
import { CosmosClient } from '@azure/cosmos';
import { EventHubProducerClient } from '@azure/event-hubs';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../../src/shared/personal-data/placeholders.ts';
import { CONTAINERS } from '../../src/shared/read-models/containers.ts';
import { EXPORTED_STORES } from '../../src/sync/customer-export/stores.ts';
import { replayToTheEnd } from '../support/shop/replays.ts';
import { type ApiClient, eventually, uniqueId } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/**
 * Personal data made of words that occur nowhere else in the system, so that one word is enough to find it. They are long enough that no
 * ciphertext has one by chance.
 */
const PERSON = {
  name: 'Zerlina Quirkwell',
  email: 'zerlina.quirkwell@example.org',
  phone: '+1 206 555 7391',
};
const HOME = { street: '77 Kumquat Crescent', city: 'Wexbridge', state: 'QZ', zip: 'ZQ-90-ZQ', country: 'US' };
const OFFICE = { street: '5 Tamarind Yard', city: 'Ombersley', state: 'QX', zip: 'ZQ-80-ZQ' };
const RENAMED = { name: 'Zerlina Fennimore', phone: '+1 206 555 8462' };
const SHIPMENT = { carrier: 'Marmalade Couriers', trackingNumber: 'MC-74-EUPHORBIA' };
const WORDS = [
  'Zerlina',
  'Quirkwell',
  'Fennimore',
  '555 7391',
  '555 8462',
  'Kumquat',
  'Wexbridge',
  'ZQ-90',
  'Tamarind',
  'Ombersley',
  'ZQ-80',
  'Marmalade',
  'Euphorbia',
  'Sassafras',
];

/** What a client may choose for each of its requests, besides the body. */
const chosen = () => ({
  'x-correlation-id': uniqueId('sassafras-correlation'),
  'idempotency-key': uniqueId('sassafras-key'),
});

const personalWordsIn = (text: string) => WORDS.filter((word) => text.toLowerCase().includes(word.toLowerCase()));

let system: TestSystem;
let cosmos: CosmosClient;
let admin: ApiClient;
beforeAll(async () => {
  system = await startSystem();
  cosmos = new CosmosClient(system.azure.cosmosDb.connectionString);
  const client = system.as('admin');
  admin = {
    ...client,
    post: (path, body, headers) => client.post(path, body, { ...chosen(), ...headers }),
    send: (method, path, init) => client.send(method, path, { ...init, headers: { ...chosen(), ...init.headers } }),
  };
});
afterAll(async () => {
  cosmos.dispose();
  await system.stop();
});

async function expectAccepted(answer: Promise<{ readonly status: number; readonly body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  expect([status, body]).toEqual([202, body]);
}

const chosenInEnvelope = () => ({
  commandId: uniqueId('sassafras-command'),
  metadata: { correlationId: uniqueId('sassafras-correlation'), clientId: 'Sassafras tablet' },
});

const changeContact = (customerId: string, contact: object) =>
  admin.send('PUT', `/customers/${customerId}/contact`, {
    body: JSON.stringify(contact),
    headers: { 'content-type': 'application/json' },
  });

interface Shopper {
  readonly customerId: string;
  readonly productId: string;
  /** A draft, a confirmed order whose shipping address was changed, a delivered order, and a refunded order. */
  readonly draft: string;
  readonly confirmed: string;
  readonly delivered: string;
  readonly refunded: string;
}

/** Creates a customer with orders in several states, who has changed their name since. */
async function createShopper(): Promise<Shopper> {
  const shopper = {
    customerId: uniqueId('shopper'),
    productId: uniqueId('lamp'),
    draft: uniqueId('draft'),
    confirmed: uniqueId('confirmed'),
    delivered: uniqueId('delivered'),
    refunded: uniqueId('refunded'),
  };
  const { customerId, productId, draft, confirmed, delivered, refunded } = shopper;
  await expectAccepted(admin.post('/customers', { customerId, ...PERSON, creditLimit: 10_000 }));
  // A product is about nobody, so nothing about its requests is personal data.
  await expectAccepted(
    system.as('admin').post('/products', { productId, name: 'Desk lamp', price: 29.99, stock: 100 }),
  );
  const items = [{ productId, quantity: 1 }];
  await expectAccepted(admin.post('/orders/drafts', { orderId: draft, customerId, items, shippingAddress: HOME }));
  for (const orderId of [confirmed, delivered, refunded]) {
    await expectAccepted(admin.post('/orders', { orderId, customerId, items, shippingAddress: HOME }));
    await expectAccepted(admin.post(`/orders/${orderId}/confirm`, {}));
  }
  await expectAccepted(
    admin.send('PUT', `/orders/${confirmed}/shipping-address`, {
      body: JSON.stringify(OFFICE),
      headers: { 'content-type': 'application/json' },
    }),
  );
  const envelope = { commandType: 'ShipOrder', aggregateId: delivered, data: SHIPMENT, ...chosenInEnvelope() };
  await expectAccepted(admin.post('/commands', envelope));
  await expectAccepted(admin.post(`/orders/${delivered}/deliver`, {}));
  await expectAccepted(admin.post(`/orders/${refunded}/refund`, { reason: 'Zerlina has moved' }));
  await expectAccepted(changeContact(customerId, RENAMED));
  await eventually(
    () => responsesAbout(shopper),
    (answers) => answers.every((answer) => answer.includes(RENAMED.name) || answer.includes('Kumquat')),
  );
  return shopper;
}

/** The body of every GET that shows data of the shopper, as text. */
async function responsesAbout({
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
    await admin.get(`/orders/${delivered}/current?include=history,tracking`),
    await admin.get(`/orders/${delivered}/changes?after=0`),
    await admin.get(`/customers/${customerId}/summary`),
    await admin.get(`/customers/${customerId}`),
    await admin.get(`/customers?q=${encodeURIComponent(customerId)}`),
  ].map(({ body }) => body);
  const ofShopper = shipments.filter(({ orderId }: { readonly orderId: string }) =>
    [confirmed, delivered].includes(orderId),
  );
  const [hit] = found.filter(({ orderId }: { readonly orderId: string }) => orderId === confirmed);
  return [...answers, ofShopper, hit].map((body) => JSON.stringify(body) ?? 'nothing');
}

/** Waits until no response contains personal data and every response shows that the customer is erased. */
async function expectErased(shopper: Shopper): Promise<void> {
  const answers = await eventually(
    () => responsesAbout(shopper),
    (texts) => texts.every((text) => personalWordsIn(text).length === 0 && text.includes(ERASED)),
  );
  expect(answers).toHaveLength(13);
}

/** Every row of every table of the write store as text, with the name of its table. */
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

/** Puts the shipment into an order's log as version 0.1.0 stored it, not encrypted, until the test has finished. */
function storeShipmentUnencrypted(orderId: string): void {
  const database = new DatabaseSync(system.writeStore, { timeout: 30_000 });
  const ofOrder = "WHERE AggregateId = :orderId AND json_extract(Body, '$.eventType') = 'OrderShipped'";
  const { body } = z
    .object({ body: z.string() })
    .parse(database.prepare(`SELECT Body AS body FROM Events ${ofOrder}`).get({ orderId }));
  const update = database.prepare(`UPDATE Events SET Body = :body ${ofOrder}`);
  onTestFinished(() => {
    update.run({ orderId, body });
    database.close();
  });
  const event = JSON.parse(body);
  update.run({ orderId, body: JSON.stringify({ ...event, data: { ...event.data, ...SHIPMENT } }) });
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

/** Sends the hub an event of the shopper that no projection can read. It becomes a dead letter of every read model. */
async function poison(orderId: string): Promise<void> {
  const bodies = system.azure.eventHubs.events(ORDER_EVENTS_HUB).map(({ body }) => JSON.parse(body.toString()));
  const shipped = bodies.find(({ aggregateId, eventType }) => aggregateId === orderId && eventType === 'OrderShipped');
  const producer = new EventHubProducerClient(system.azure.eventHubs.connectionString, ORDER_EVENTS_HUB);
  await producer.sendBatch([{ body: { ...shipped, schemaVersion: 99 } }], { partitionKey: orderId });
  await producer.close();
  await eventually(
    async () => JSON.stringify((await admin.get('/admin/dead-letters?limit=100')).body.items),
    (letters) => letters.includes(orderId),
  );
}

/** Everything that Web PubSub pushes to an admin from now on. The trace of this read keeps its correlation id, so it has none. */
async function pushedChanges(): Promise<readonly string[]> {
  const changes: string[] = [];
  const client = new WebPubSubClient({
    getClientAccessUrl: async () => (await system.as('admin').post('/admin/subscriptions', {})).body.url,
  });
  client.on('group-message', ({ message }) => changes.push(JSON.stringify(message.data)));
  await client.start();
  onTestFinished(async () => client.stop());
  return changes;
}

/** The log, without the correlation ids, which it keeps for `logRetentionDays` (docs/erasure.md). */
const logLines = () =>
  system.host
    .output()
    .replaceAll(/"correlationId":"[^"]*"/g, '')
    .split('\n');

const withPersonalData = (texts: readonly string[]) => texts.filter((text) => personalWordsIn(text).length > 0);

/** Every record of the export, from all pages. */
async function exportOf(customerId: string, client: ApiClient): Promise<readonly ExportedRecord[]> {
  const records: ExportedRecord[] = [];
  for (let token: string | undefined, more = true; more; more = token !== undefined) {
    const query = token === undefined ? '' : `?continuationToken=${token}`;
    const { status, body } = await client.get(`/customers/${customerId}/export${query}`);
    expect([status, body.items?.length]).toEqual([200, body.items?.length]);
    records.push(...body.items);
    token = body.continuationToken;
  }
  return records;
}

interface ExportedRecord {
  readonly store: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** Writes rows about the shopper into the tables that only faults, a rotated key or a first admin fill. */
function storeRareRows({ customerId, delivered }: Shopper): void {
  const database = new DatabaseSync(system.writeStore, { timeout: 30_000 });
  database.prepare(`UPDATE Customers SET ErasureRequestedBy = 'a-hash' WHERE CustomerId = ?`).run(customerId);
  database
    .prepare(`INSERT INTO RetiredCustomerKeys SELECT CustomerId, 'retired', WrappedKey, MasterKeyVersion, '2026-01-15T10:30:00.000Z'
      FROM CustomerKeys WHERE CustomerId = ?`)
    .run(customerId);
  database
    .prepare(`INSERT INTO RefusedEvents SELECT AggregateType, AggregateId, Version, EventId, 1, NULL
      FROM Events WHERE AggregateId = ? AND Version = 1`)
    .run(delivered);
  database.close();
}

describe('a customer who is erased', () => {
  it('leaves nothing that clients sent about them in any response, table, event, document, push or log, even after a replay', async () => {
    const shopper = await createShopper();
    await poison(shopper.delivered);
    expect(withPersonalData(textsInHubs())).toEqual([]);
    await expectAccepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    await expectErased(shopper);
    const pushed = await pushedChanges();
    await expectAccepted(admin.post(`/orders/${shopper.confirmed}/ship`, SHIPMENT));
    await replayToTheEnd(system, { readModel: 'all' });
    await expectErased(shopper);
    await eventually(
      () => pushed,
      (changes) => changes.some((change) => change.includes(shopper.confirmed)),
    );
    expect(withPersonalData(pushed)).toEqual([]);
    expect(withPersonalData(textsInWriteStore())).toEqual([]);
    expect(withPersonalData(textsInHubs())).toEqual([]);
    await eventually(
      async () => withPersonalData(await textsInCosmosDb()),
      (texts) => texts.length === 0,
    );
    expect(withPersonalData(logLines())).toEqual([]);
  });

  it('keeps their orders without the personal data', async () => {
    const shopper = await createShopper();
    const { body: before } = await admin.get(`/orders/${shopper.delivered}?include=history,tracking`);
    await expectAccepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    await expectErased(shopper);
    const { body: after } = await admin.get(`/orders/${shopper.delivered}?include=history,tracking`);
    expect(after).toMatchObject({
      customerId: shopper.customerId,
      customerName: ERASED,
      shippingAddress: ERASED_ADDRESS,
      status: 'delivered',
      total: before.total,
      items: before.items,
      tracking: { ...before.tracking, ...ERASED_SHIPMENT },
      version: before.version,
    });
    expect(after.history.map(({ eventType }: { readonly eventType: string }) => eventType)).toEqual(
      before.history.map(({ eventType }: { readonly eventType: string }) => eventType),
    );
    const { body: summary } = await admin.get(`/customers/${shopper.customerId}/summary`);
    expect(summary).toMatchObject({ name: ERASED, orders: 3, totalSpent: 59.98 });
  });

  it('is not shown in the history of an order whose shipment version 0.1.0 did not encrypt', async () => {
    const shopper = await createShopper();
    await expectAccepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    storeShipmentUnencrypted(shopper.delivered);
    for (const parameters of ['include=history,tracking', 'version=3&include=history,tracking']) {
      const { status, body } = await admin.get(`/orders/${shopper.delivered}/current?${parameters}`);
      expect([status, personalWordsIn(JSON.stringify(body))]).toEqual([200, []]);
      expect(body.history.at(2)).toMatchObject({ eventType: 'OrderShipped', data: ERASED_SHIPMENT });
    }
  });

  it('can place no more orders, while open orders can still be completed', async () => {
    const shopper = await createShopper();
    const { customerId, productId, draft, confirmed } = shopper;
    await expectAccepted(admin.post(`/customers/${customerId}/erase`, {}));
    const order = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: HOME };
    const rejected = [
      await admin.post('/orders', order),
      await admin.post('/orders/drafts', order),
      await admin.post(`/orders/${draft}/submit`, {}),
      await admin.post(`/orders/${draft}/items`, { productId, quantity: 1 }),
      await changeContact(customerId, PERSON),
      await admin.post(`/customers/${customerId}/erase`, {}),
      await admin.post('/commands', { commandType: 'EraseCustomer', aggregateId: customerId }),
    ];
    expect(rejected.map(({ status, body }) => [status, body.code])).toEqual(
      rejected.map(() => [404, 'customer-not-found']),
    );
    const again = await admin.post('/customers', { customerId, ...PERSON, creditLimit: 1 });
    expect([again.status, again.body.code]).toEqual([409, 'customer-exists']);
    await expectAccepted(admin.post(`/orders/${draft}/cancel`, { reason: 'Zerlina is gone' }));
    await expectAccepted(admin.post(`/orders/${confirmed}/ship`, SHIPMENT));
    await expectAccepted(admin.post(`/orders/${confirmed}/deliver`, {}));
    const { body } = await admin.get(`/orders/${confirmed}?minVersion=5`);
    expect([body.status, body.customerName, body.shippingAddress]).toEqual(['delivered', ERASED, ERASED_ADDRESS]);
    expect(withPersonalData(textsInWriteStore())).toEqual([]);
  });

  it('invalidates the ETags of earlier responses, so that no conditional GET returns 304', async () => {
    const { customerId, confirmed } = await createShopper();
    const paths = ['', '/current', '/current?version=1'].map((path) => `/orders/${confirmed}${path}`);
    const tagOf = async (path: string) => (await admin.get(path)).headers.get('etag') ?? '';
    const before = await Promise.all(paths.map(tagOf));
    await expectAccepted(admin.post(`/customers/${customerId}/erase`, {}));
    await eventually(
      () => Promise.all(paths.map((path, index) => admin.get(path, { 'if-none-match': before[index] ?? '' }))),
      (answers) => answers.every(({ status }) => status === 200),
    );
  });

  it('is erased once when the command is sent again with its idempotency key', async () => {
    const { customerId } = await createShopper();
    const key = { 'idempotency-key': uniqueId('erase') };
    const first = await admin.post(`/customers/${customerId}/erase`, {}, key);
    const second = await admin.post(`/customers/${customerId}/erase`, {}, key);
    expect(first.body).toMatchObject({ customerId, version: 3, status: 'accepted' });
    expect([second.status, second.body.version]).toEqual([202, 3]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('can also be erased through POST /commands', async () => {
    const { customerId } = await createShopper();
    await expectAccepted(admin.post('/commands', { commandType: 'EraseCustomer', aggregateId: customerId }));
    expect(withPersonalData(textsInWriteStore())).toEqual([]);
  });
});

/** After the erasures, which expect that nobody has personal data any more. */
describe('the export of a customer', () => {
  it('has every store that knows the customer or one of their orders, and all that clients sent about them', async () => {
    const shopper = await createShopper();
    const { customerId, draft, confirmed, delivered, refunded } = shopper;
    const unconfirmed = uniqueId('unconfirmed');
    const items = [{ productId: shopper.productId, quantity: 1 }];
    await expectAccepted(admin.post('/orders', { orderId: unconfirmed, customerId, items, shippingAddress: HOME }));
    await poison(delivered);
    storeRareRows(shopper);
    const exported = await eventually(
      () => exportOf(customerId, system.as('customer', customerId)),
      (records) => records.some(({ store, record }) => store === 'searchable_orders' && record.orderId === unconfirmed),
    );
    const stores = new Set(exported.map(({ store }) => store));
    expect([...stores].sort()).toEqual([...EXPORTED_STORES].sort());
    const ids = [customerId, draft, confirmed, delivered, refunded, unconfirmed];
    const knowing = [...textsInWriteStore(), ...(await textsInCosmosDb())].filter((text) =>
      ids.some((id) => text.includes(id)),
    );
    expect(knowing.filter((text) => !stores.has(text.split(':', 1)[0] ?? ''))).toEqual([]);
    const text = JSON.stringify(exported);
    expect(WORDS.filter((word) => !text.toLowerCase().includes(word.toLowerCase()))).toEqual([]);
    expect(ids.filter((id) => !text.includes(id))).toEqual([]);
    const versions = exported.filter(({ store }) => store === 'Events').length;
    expect(exported.filter(({ store }) => store === 'Commands')).toHaveLength(versions);
  });

  it('has nothing of another customer, nor sums over customers', async () => {
    const [shopper, other] = [await createShopper(), await createShopper()];
    const exported = await exportOf(shopper.customerId, admin);
    const text = JSON.stringify(exported);
    const { customerId, draft, confirmed, delivered, refunded } = other;
    expect([customerId, draft, confirmed, delivered, refunded].filter((id) => text.includes(id))).toEqual([]);
    expect(exported.filter(({ record }) => record.type === 'total' || record.type === 'product')).toEqual([]);
  });

  it('does not exist for another customer, and is forbidden for the warehouse and analysts', async () => {
    const { customerId } = await createShopper();
    const path = `/customers/${customerId}/export`;
    const answers = [
      await system.as('customer', 'somebody-else').get(path),
      await admin.get(`/customers/${uniqueId('nobody')}/export`),
      await system.as('warehouse').get(path),
      await system.as('analyst').get(path),
      await admin.get(`${path}?continuationToken=abcd`),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [404, 'customer-not-found'],
      [404, 'customer-not-found'],
      [403, 'forbidden'],
      [403, 'forbidden'],
      [400, 'validation-failed'],
    ]);
  });

  it('has no personal data of a customer who is erased', async () => {
    const shopper = await createShopper();
    await expectAccepted(admin.post(`/customers/${shopper.customerId}/erase`, {}));
    await expectErased(shopper);
    const text = JSON.stringify(await exportOf(shopper.customerId, admin));
    expect([personalWordsIn(text), text.includes(ERASED)]).toEqual([[], true]);
  });
});
