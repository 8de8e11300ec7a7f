import { CosmosClient } from '@azure/cosmos';
import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { DEAD_LETTERS } from '../../src/shared/read-models/containers.ts';
import { orderPlaced } from '../support/events/events.ts';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let system: TestSystem;
let producer: EventHubProducerClient;

beforeAll(async () => {
  system = await startSystem();
  producer = new EventHubProducerClient(system.azure.eventHubs.connectionString, ORDER_EVENTS_HUB);
});
afterAll(async () => {
  await producer.close();
  await system.stop();
});

const admin = () => system.as('admin');

/** Dead letters whose event is the text given, once there are so many. */
const lettersWith = (text: string, count: number) =>
  eventually(
    async () =>
      (await admin().get('/admin/dead-letters?limit=100')).body.items.filter(
        (item: { event: unknown }) => item.event === text,
      ),
    (letters) => letters.length === count,
  );

/** What an older version of a projection would have left: a dead letter whose event this version can handle. */
async function deadLetterOf(orderId: string): Promise<string> {
  const client = new CosmosClient(system.azure.cosmosDb.connectionString);
  const id = `order_details-0-${uniqueId('sequence')}`;
  const seen = new Date().toISOString();
  await client
    .database('orders')
    .container(DEAD_LETTERS.name)
    .items.create({
      id,
      readModel: 'order_details',
      reason: 'it could not be handled once',
      event: JSON.stringify(orderPlaced({ aggregateId: orderId })),
      partitionId: '0',
      sequenceNumber: 1,
      attempts: 1,
      firstSeen: seen,
      lastTried: seen,
      status: 'waiting',
      sortKey: `${seen}|${id}`,
    });
  client.dispose();
  return id;
}

describe('a poison event', () => {
  it('waits in the dead letters of every read model, and the orders around it arrive', async () => {
    const { customerId, productId } = await customerAndProduct(admin());
    const text = `no JSON: ${uniqueId('poison')}`;
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const before = await admin().post('/orders', body);
    await producer.sendBatch([{ body: Buffer.from(text) }]);
    const after = await admin().post('/orders', body);
    const letters = await lettersWith(text, CONSUMER_GROUPS.length);
    expect(new Set(letters.map(({ readModel }: { readModel: string }) => readModel)).size).toBe(CONSUMER_GROUPS.length);
    expect(letters[0]).toEqual({
      deadLetterId: letters[0].deadLetterId,
      readModel: letters[0].readModel,
      reason: 'it is not a JSON object with an eventType',
      attempts: 1,
      event: text,
      firstSeen: letters[0].firstSeen,
      lastTried: letters[0].firstSeen,
      status: 'waiting',
    });
    for (const { orderId } of [before.body, after.body]) {
      expect((await admin().get(`/orders/${orderId}?minVersion=1`)).status).toBe(200);
    }
  });

  it('is still waiting after it was redriven in vain', async () => {
    const text = `no JSON: ${uniqueId('poison')}`;
    await producer.sendBatch([{ body: Buffer.from(text) }]);
    const [letter] = await lettersWith(text, CONSUMER_GROUPS.length);
    const { status, body } = await admin().post(`/admin/dead-letters/${letter.deadLetterId}/redrive`, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'waiting', attempts: 2, reason: letter.reason });
  });

  it.each([ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB])(
    'given a property readModel that is no text in %s, then it waits as any, and events around it arrive',
    async (hub) => {
      const text = `no JSON: ${uniqueId('poison')}`;
      const [before, after] = [uniqueId('order'), uniqueId('order')];
      const stranger = new EventHubProducerClient(system.azure.eventHubs.connectionString, hub);
      await stranger.sendBatch(
        [
          { body: orderPlaced({ aggregateId: before }) },
          { body: Buffer.from(text), properties: { readModel: 7 } },
          { body: orderPlaced({ aggregateId: after }) },
        ],
        { partitionId: '0' },
      );
      await stranger.close();
      await lettersWith(text, CONSUMER_GROUPS.length);
      for (const orderId of [before, after]) {
        expect((await admin().get(`/orders/${orderId}?minVersion=1`)).status).toBe(200);
      }
    },
  );

  it('of one read model can be listed alone', async () => {
    await producer.sendBatch([{ body: Buffer.from('no JSON') }]);
    const { body } = await eventually(
      () => admin().get('/admin/dead-letters?readModel=sales_daily&status=waiting'),
      (answer) => answer.body.items.length > 0,
    );
    expect(new Set(body.items.map(({ readModel }: { readModel: string }) => readModel))).toEqual(
      new Set(['sales_daily']),
    );
  });
});

describe('redriving', () => {
  it('brings the event into the read model, once, however often it is done', async () => {
    const orderId = uniqueId('order');
    const id = await deadLetterOf(orderId);
    const first = await admin().post(`/admin/dead-letters/${id}/redrive`, {});
    expect(first.body).toMatchObject({ status: 'redriven', attempts: 2 });
    const second = await admin().post(`/admin/dead-letters/${id}/redrive`, {});
    expect(second.body).toMatchObject({ status: 'redriven', attempts: 3 });
    expect((await admin().get(`/orders/${orderId}?include=history`)).body).toMatchObject({ orderId, version: 1 });
  });

  it('takes all that are waiting, and says how many', async () => {
    const orderIds = [uniqueId('order'), uniqueId('order')];
    for (const orderId of orderIds) await deadLetterOf(orderId);
    const { status, body } = await admin().post('/admin/dead-letters/redrive', { readModel: 'order_details' });
    expect(status).toBe(200);
    expect(body.redriven).toBeGreaterThanOrEqual(2);
    for (const orderId of orderIds) expect((await admin().get(`/orders/${orderId}`)).status).toBe(200);
  });

  it.each(['order_details-0-0', 'order_details/0'])('answers 404 for %s, which does not exist', async (id) => {
    const { status, body } = await admin().post(`/admin/dead-letters/${encodeURIComponent(id)}/redrive`, {});
    expect([status, body.code]).toEqual([404, 'dead-letter-not-found']);
  });

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    const client = system.as(role, 'ada');
    expect((await client.get('/admin/dead-letters')).status).toBe(403);
    expect((await client.post('/admin/dead-letters/redrive', {})).status).toBe(403);
    expect((await client.post('/admin/dead-letters/order_details-0-0/redrive', {})).status).toBe(403);
  });
});

describe('a read model that does not exist', () => {
  it.each([
    ['the list', () => admin().get('/admin/dead-letters?readModel=nope')],
    ['redriving', () => admin().post('/admin/dead-letters/redrive', { readModel: 'nope' })],
  ])('is refused by %s, which names those that do', async (_, ask) => {
    const { status, body } = await ask();
    expect([status, body.errors]).toEqual([
      400,
      [{ path: 'readModel', message: expect.stringContaining('order_details, customer_orders') }],
    ]);
  });
});
