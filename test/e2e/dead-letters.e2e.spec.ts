import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONSUMER_GROUPS, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { orderPlaced } from '../support/events/events.ts';
import { changesInLog } from '../support/shop/admin-changes.ts';
import { addDeadLetter } from '../support/shop/dead-letters.ts';
import { ADDRESS, customerAndProduct, eventually, uniqueId } from '../support/system/api-client.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

/** Each read model, and the webhooks. */
const CONSUMERS = CONSUMER_GROUPS.length + 1;

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

/** Waits until `count` dead letters have the given text as their event, and returns them. */
const lettersWith = (text: string, count: number) =>
  eventually(
    async () =>
      (await admin().get('/admin/dead-letters?limit=100')).body.items.filter(
        (item: { event: unknown }) => item.event === text,
      ),
    (letters) => letters.length === count,
  );

/** Adds a dead letter with an event that this version can project. */
const deadLetterOf = (orderId: string): Promise<string> =>
  addDeadLetter(system, JSON.stringify(orderPlaced({ aggregateId: orderId })));

describe('a poison event', () => {
  it('becomes a dead letter of every read model and of the webhooks, and the orders before and after it are projected', async () => {
    const { customerId, productId } = await customerAndProduct(admin());
    const text = `no JSON: ${uniqueId('poison')}`;
    const body = { customerId, items: [{ productId, quantity: 1 }], shippingAddress: ADDRESS };
    const before = await admin().post('/orders', body);
    await producer.sendBatch([{ body: Buffer.from(text) }]);
    const after = await admin().post('/orders', body);
    const letters = await lettersWith(text, CONSUMERS);
    await eventually(
      async () => system.host.output(),
      (output) => /An event became a dead letter of order_details at \d+\/\d+ .*: it is not a JSON object/.test(output),
    );
    expect(system.host.output()).not.toContain(text);
    expect(new Set(letters.map(({ readModel }: { readModel: string }) => readModel)).size).toBe(CONSUMERS);
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

  it('stays a waiting dead letter after a redrive that fails', async () => {
    const text = `no JSON: ${uniqueId('poison')}`;
    await producer.sendBatch([{ body: Buffer.from(text) }]);
    const [letter] = await lettersWith(text, CONSUMERS);
    const { status, body } = await admin().post(`/admin/dead-letters/${letter.deadLetterId}/redrive`, {});
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'waiting', attempts: 2, reason: letter.reason });
  });

  it.each([
    [ORDER_EVENTS_HUB, CONSUMERS],
    [ORDER_EVENTS_REPLAY_HUB, CONSUMER_GROUPS.length],
  ])(
    'in %s with a readModel property that is not a string becomes a dead letter, and other events are projected',
    async (hub, consumers) => {
      const text = `no JSON: ${uniqueId('poison')}`;
      const [before, after] = [uniqueId('order'), uniqueId('order')];
      const foreignProducer = new EventHubProducerClient(system.azure.eventHubs.connectionString, hub);
      await foreignProducer.sendBatch(
        [
          { body: orderPlaced({ aggregateId: before }) },
          { body: Buffer.from(text), properties: { readModel: 7 } },
          { body: orderPlaced({ aggregateId: after }) },
        ],
        { partitionId: '0' },
      );
      await foreignProducer.close();
      await lettersWith(text, consumers);
      for (const orderId of [before, after]) {
        expect((await admin().get(`/orders/${orderId}?minVersion=1`)).status).toBe(200);
      }
    },
  );

  it('can be listed by read model', async () => {
    const text = `no JSON: ${uniqueId('poison')}`;
    await producer.sendBatch([{ body: Buffer.from(text) }]);
    await lettersWith(text, CONSUMERS);
    const { body } = await admin().get('/admin/dead-letters?readModel=sales_daily&status=waiting');
    expect(new Set(body.items.map(({ readModel }: { readModel: string }) => readModel))).toEqual(
      new Set(['sales_daily']),
    );
  });
});

describe('redriving', () => {
  it('projects the event once, even when it is repeated', async () => {
    const orderId = uniqueId('order');
    const id = await deadLetterOf(orderId);
    const first = await admin().post(`/admin/dead-letters/${id}/redrive`, {});
    expect(first.body).toMatchObject({ status: 'redriven', attempts: 2 });
    const second = await admin().post(`/admin/dead-letters/${id}/redrive`, {});
    expect(second.body).toMatchObject({ status: 'redriven', attempts: 3 });
    expect((await admin().get(`/orders/${orderId}?include=history`)).body).toMatchObject({ orderId, version: 1 });
  });

  it.each([
    [{ reason: 'older version' }, true],
    [{ eventType: 'OrderPlaced' }, true],
    [{ readModel: 'order_details', reason: 'older version', eventType: 'OrderPlaced' }, true],
    [{ reason: 'another reason' }, false],
    [{ eventType: 'OrderShipped' }, false],
    [{ eventType: 'Order' }, false],
    [{ readModel: 'order_search', reason: 'older version' }, false],
  ])('those that match %j redrives an OrderPlaced of an older version: %s', async (filter, isRedriven) => {
    const orderId = uniqueId('order');
    await deadLetterOf(orderId);
    const { status, body } = await admin().post('/admin/dead-letters/redrive', filter);
    expect({ status, redriven: body.redriven > 0 }).toEqual({ status: 200, redriven: isRedriven });
    expect((await admin().get(`/orders/${orderId}`)).status).toBe(isRedriven ? 200 : 404);
  });

  it('all waiting dead letters of a read model returns their number', async () => {
    const orderIds = [uniqueId('order'), uniqueId('order')];
    for (const orderId of orderIds) await deadLetterOf(orderId);
    const { status, body } = await admin().post('/admin/dead-letters/redrive', { readModel: 'order_details' });
    expect(status).toBe(200);
    expect(body.redriven).toBeGreaterThanOrEqual(2);
    for (const orderId of orderIds) expect((await admin().get(`/orders/${orderId}`)).status).toBe(200);
  });

  it.each(['order_details-0-0', 'order_details/0'])('returns 404 for %s, which does not exist', async (id) => {
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

describe('discarding', () => {
  it('discards a dead letter with a reason, also when it is repeated', async () => {
    const waiting = async () => (await admin().get('/admin/dead-letters?readModel=order_details&limit=1')).body.waiting;
    const id = await deadLetterOf(uniqueId('order'));
    const before = await waiting();
    expect(before).toBeGreaterThanOrEqual(1);
    const path = `/admin/dead-letters/${id}/discard`;
    const first = await admin().post(path, { reason: 'A test message' });
    expect(first).toMatchObject({ status: 200, body: { status: 'discarded', discardReason: 'A test message' } });
    const second = await admin().post(path, { reason: 'Another reason' });
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(await waiting()).toBe(before - 1);
    const { body } = await admin().get('/admin/dead-letters?status=discarded');
    expect(body.items).toContainEqual(first.body);
  });

  it('can be undone by a redrive', async () => {
    const id = await deadLetterOf(uniqueId('order'));
    await admin().post(`/admin/dead-letters/${id}/discard`, { reason: 'A mistake' });
    const { body } = await admin().post(`/admin/dead-letters/${id}/redrive`, {});
    expect([body.status, body.discardReason]).toEqual(['redriven', undefined]);
  });

  it.each([{}, { reason: '  ' }, { reason: 'x'.repeat(401) }])('is rejected with the body %j', async (body) => {
    const id = await deadLetterOf(uniqueId('order'));
    const answer = await admin().post(`/admin/dead-letters/${id}/discard`, body);
    expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'reason']);
  });

  it('returns 404 for a dead letter that does not exist', async () => {
    const answer = await admin().post('/admin/dead-letters/order_details-0-0/discard', { reason: 'none' });
    expect([answer.status, answer.body.code]).toEqual([404, 'dead-letter-not-found']);
  });

  it.each(['customer', 'warehouse', 'analyst'])('is forbidden for the role %s', async (role) => {
    const answer = await system
      .as(role, 'ada')
      .post('/admin/dead-letters/order_details-0-0/discard', { reason: 'none' });
    expect(answer.status).toBe(403);
  });
});

it('the log says who has discarded and redriven a dead letter', async () => {
  const id = await deadLetterOf(uniqueId('order'));
  await admin().post(`/admin/dead-letters/${id}/discard`, { reason: 'A mistake' });
  await admin().post(`/admin/dead-letters/${id}/redrive`, {});
  const another = await deadLetterOf(uniqueId('order'));
  await admin().post('/admin/dead-letters/redrive', { readModel: 'order_details' });
  expect(await changesInLog(system, id, 2)).toEqual(['local-admin discardDeadLetter', 'local-admin redriveDeadLetter']);
  expect(await changesInLog(system, another, 1)).toEqual(['local-admin redriveDeadLetters']);
});

describe('an unknown read model', () => {
  it.each([
    ['the list of dead letters', () => admin().get('/admin/dead-letters?readModel=nope')],
    ['a redrive', () => admin().post('/admin/dead-letters/redrive', { readModel: 'nope' })],
  ])('is rejected by %s with the names of the known ones', async (_, send) => {
    const { status, body } = await send();
    expect([status, body.errors]).toEqual([
      400,
      [{ path: 'readModel', message: expect.stringContaining('order_details, customer_orders') }],
    ]);
  });
});
