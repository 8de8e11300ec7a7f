import { type Container, CosmosClient, type Database } from '@azure/cosmos';
import { InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { containerDefinition } from '../../local/container-definition.ts';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { readableMasterKey } from '../../src/shared/personal-data/readable-master-key.ts';
import { DEAD_LETTERS, WEBHOOK_DELIVERIES } from '../../src/shared/read-models/containers.ts';
import type { DeadLetter } from '../../src/shared/read-models/dead-letters.ts';
import { replicaReads } from '../../src/shared/write-database/replica.ts';
import type { EventLog } from '../../src/sync/database/sync-database.ts';
import { redrive } from '../../src/sync/dead-letters/redrive.ts';
import { deliverDue, MAX_ATTEMPTS } from '../../src/sync/webhooks/deliver.ts';
import { deliverAll } from '../../src/sync/webhooks/deliver-all.ts';
import { passes } from '../../src/sync/webhooks/deliver-timer.ts';
import { type Delivery, toDeliveryResponse } from '../../src/sync/webhooks/delivery.ts';
import { cosmosDeliveryStore, type DeliveryStore } from '../../src/sync/webhooks/delivery-store.ts';
import { createPostMessage } from '../../src/sync/webhooks/post-message.ts';
import { queueEvents } from '../../src/sync/webhooks/queue-events.ts';
import { messageQueue, queueWebhooksFunction } from '../../src/sync/webhooks/queue-function.ts';
import { newReplay, stepReplay } from '../../src/sync/webhooks/replay-events.ts';
import { signedHeaders } from '../../src/sync/webhooks/signature.ts';
import type { Webhook } from '../../src/sync/webhooks/webhook.ts';
import type { WebhookStore } from '../../src/sync/webhooks/webhook-store.ts';
import { customerRegistered, orderPlaced } from '../support/events/events.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../support/simulated-runtime.ts';
import { uniqueId } from '../support/system/api-client.ts';
import { CERTIFICATE, type Receiver, startReceiver, status } from '../support/webhooks/receiver.ts';
import { memoryWebhooks } from '../support/webhooks/webhooks.ts';

const SECRETS = ['whsec_dGhlIG5ldyBzZWNyZXQgb2YgYSBwYXJ0bmVy', 'whsec_dGhlIG9sZCBzZWNyZXQgb2YgYSBwYXJ0bmVy'];
const START = Date.parse('2026-01-15T10:30:00.000Z');
const HOURS = 3_600_000;

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let database: Database;
let container: Container;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  cosmosDb = await startCosmosDb({ port: 0 });
  client = new CosmosClient(cosmosDb.connectionString);
  ({ database } = await client.databases.createIfNotExists({ id: 'orders' }));
  const definition = containerDefinition(WEBHOOK_DELIVERIES);
  ({ container } = await database.containers.createIfNotExists(definition));
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
  await receiver.close();
});

let runtime: SimulatedRuntime;
let store: DeliveryStore;
let webhook: Webhook;
const warnings: string[] = [];
beforeEach(() => {
  runtime = simulatedRuntime({ startsAt: START });
  store = cosmosDeliveryStore(database, runtime);
  webhook = {
    webhookId: uniqueId('webhook'),
    version: 1,
    url: receiver.url(),
    eventTypes: ['OrderPlaced', 'OrderConfirmed'],
    secrets: [],
    replay: null,
    createdAt: '2026-01-15T10:00:00.000Z',
    updatedAt: '2026-01-15T10:00:00.000Z',
  };
  warnings.length = 0;
  receiver.received.length = 0;
  receiver.answer = status(204);
});

const queue = (events: readonly EventEnvelope[], to: readonly Webhook[] = [webhook]) =>
  queueEvents(events, { webhooks: async () => to, deliveries: store, now: runtime.now });

/** Delivers what is due, as one pass of the timer does. */
const deliver = (deliveries = store, to: Webhook = webhook, mayStart = () => true) => {
  const post = createPostMessage({ allowPrivateAddresses: true, ca: CERTIFICATE }, runtime);
  const warn = (sentence: string) => void warnings.push(sentence);
  return deliverDue({ ...to, secrets: async () => SECRETS }, { deliveries, post, runtime, warn }, mayStart);
};

const stored = async () => {
  const query = { query: 'SELECT * FROM c ORDER BY c.version' };
  const options = { partitionKey: webhook.webhookId };
  return (await container.items.query<Delivery>(query, options).fetchAll()).resources;
};
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id']);
const idsOf = (events: readonly EventEnvelope[]) => events.map(({ eventId }) => eventId);

/** Events of one order in version order, which the webhook wants. */
function orderOf(versions: number): readonly EventEnvelope[] {
  const orderId = uniqueId('order');
  return Array.from({ length: versions }, (_, index) => orderPlaced({ aggregateId: orderId, version: index + 1 }));
}

describe('an event', () => {
  it('is delivered with its id, the time and the signatures, and without personal data', async () => {
    const event = orderPlaced({ aggregateId: uniqueId('order') });
    await queue([event]);
    expect(await deliver()).toBe(true);

    const [request] = receiver.received;
    if (request === undefined) throw new Error('Nothing was received.');
    const expected = signedHeaders({ id: event.eventId, sentAt: START, body: request.body }, SECRETS);
    expect(request.headers).toMatchObject(expected);
    expect(JSON.parse(request.body)).toMatchObject({ type: 'OrderPlaced', data: { aggregateId: event.aggregateId } });
    expect(request.body).not.toMatch(/lovelace|ada@example|main st/i);
    expect(await stored()).toMatchObject([{ id: event.eventId, status: 'delivered', attempts: 1, lastStatus: 204 }]);
    expect((await stored())[0]).not.toHaveProperty('body');
    expect(await deliver()).toBe(false);
  });

  it('is queued for each subscription to its type, if it was recorded after the subscription', async () => {
    const wanted = orderPlaced({ aggregateId: uniqueId('order'), timestamp: webhook.createdAt });
    const before = orderPlaced({ aggregateId: uniqueId('order'), timestamp: '2026-01-15T09:59:59.999Z' });
    const other = { ...webhook, webhookId: uniqueId('webhook'), eventTypes: ['OrderShipped'] };
    await queue([before, customerRegistered(), wanted], [webhook, other]);
    expect((await stored()).map(({ id }) => id)).toEqual([wanted.eventId]);
    expect(await store.countPending(other.webhookId)).toBe(0);
  });

  it('that is queued again, in part or after its delivery, is delivered once', async () => {
    const events = orderOf(3);
    await queue(events.slice(0, 2));
    await deliver();
    await queue(events);
    await queue(events);
    await deliver();
    expect(ids()).toEqual(idsOf(events));
  });

  it('that a batch has twice is queued and delivered once, like the other events of the batch', async () => {
    const [first, second] = orderOf(2);
    if (first === undefined || second === undefined) throw new Error('There are no events.');
    await queue([first, first, second]);
    await deliver();
    expect(ids()).toEqual(idsOf([first, second]));
  });

  it('is queued and delivered in any number', async () => {
    const orders = Array.from({ length: 21 }, () => orderOf(5));
    await queue(orders.flat());
    while (await deliver());
    for (const events of orders)
      expect(ids().filter((id) => idsOf(events).includes(String(id)))).toEqual(idsOf(events));
    expect(ids()).toHaveLength(105);
  });
});

describe('an event that cannot be decoded', () => {
  it('becomes a dead letter, while others are queued, and is queued by a redrive once it can be decoded', async () => {
    const { container: letters } = await database.containers.createIfNotExists(containerDefinition(DEAD_LETTERS));
    const app = {
      database,
      runtime,
      webhooks: memoryWebhooks(webhook),
      writeDatabase: () => Promise.reject(new Error('It is not needed.')),
    };
    const [tooNew, known] = [
      orderPlaced({ aggregateId: uniqueId('order') }),
      orderPlaced({ aggregateId: uniqueId('order') }),
    ];
    const bodies = [{ ...tooNew, schemaVersion: 99 }, known].map((event) => Buffer.from(JSON.stringify(event)));
    const context = new InvocationContext({
      functionName: 'queueWebhooks',
      logHandler: (_level, ...args) => warnings.push(String(args[0])),
      triggerMetadata: {
        partitionContext: { partitionId: '3' },
        sequenceNumberArray: [7, 8],
        enqueuedTimeUtcArray: bodies.map(() => new Date(START).toISOString()),
        propertiesArray: bodies.map(() => ({})),
      },
    });
    const { handler } = queueWebhooksFunction(app).options;
    await handler(bodies, context);
    await handler(bodies, context); // the hub delivers the batch again

    expect((await stored()).map(({ id }) => id)).toEqual([known.eventId]);
    const [letter, ...others] = (await letters.items.query<DeadLetter>('SELECT * FROM c').fetchAll()).resources;
    if (letter === undefined) throw new Error('There is no dead letter.');
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ readModel: 'webhooks', partitionId: '3', sequenceNumber: 7, status: 'waiting' });
    expect(letter.reason).toContain('schemaVersion is 99');
    expect(warnings).toEqual([expect.stringContaining('An event became a dead letter of webhooks at 3/7')]);

    const { etag } = await letters.item(letter.id, letter.readModel).read();
    const decodable = { ...letter, event: JSON.stringify(tooNew) };
    const redriven = await redrive(letters, { letter: decodable, etag }, messageQueue(app), new Date(START));
    expect(redriven).toMatchObject({ status: 'redriven', attempts: 2 });
    expect((await stored()).map(({ id }) => id).toSorted()).toEqual([tooNew.eventId, known.eventId].toSorted());
  });
});

describe('a delivery that fails', () => {
  it('is tried again with backoff and the same id, until it succeeds', async () => {
    const [event] = orderOf(1);
    if (event === undefined) throw new Error('There is no event.');
    receiver.answer = status(503);
    await queue([event]);
    await deliver();
    const [first] = await stored();
    expect(first).toMatchObject({ status: 'pending', attempts: 1, lastStatus: 503, lastError: 'status 503' });
    const waitMs = Date.parse(first?.dueAt ?? '') - START;
    expect([waitMs >= 5_000, waitMs <= 10_000]).toEqual([true, true]);
    expect(warnings).toEqual([
      `Webhook ${webhook.webhookId}: attempt 1 to deliver OrderPlaced ${event.eventId} failed: status 503. The next one is at ${first?.dueAt}.`,
    ]);

    await runtime.pass(waitMs - 1);
    expect(await deliver()).toBe(false);
    await runtime.pass(1);
    receiver.answer = status(200);
    expect(await deliver()).toBe(true);
    expect(ids()).toEqual([event.eventId, event.eventId]);
    const times = receiver.received.map(({ headers }) => Number(headers['webhook-timestamp']) * 1000);
    expect(times[1]).toBeGreaterThan(times[0] ?? 0);
    expect(await stored()).toMatchObject([{ status: 'delivered', attempts: 2, lastStatus: 200 }]);
    expect((await stored())[0]).not.toHaveProperty('lastError');
  });

  it.each([
    ['later than the next attempt: it waits until then', 3_600, 3_600_000],
    ['more than a day ahead: it waits for a day', 1e9, 24 * HOURS],
  ])('with Retry-After %s', async (_when, seconds, waitMs) => {
    receiver.answer = (_request, response) => response.writeHead(429, { 'retry-after': String(seconds) }).end();
    await queue(orderOf(1));
    await deliver();
    expect((await stored()).map(({ dueAt }) => Date.parse(dueAt) - START)).toEqual([waitMs]);
  });

  it('with Retry-After sooner than the next attempt waits as long as without it', async () => {
    receiver.answer = (_request, response) => response.writeHead(429, { 'retry-after': '1' }).end();
    await queue(orderOf(1));
    await deliver();
    const [waitMs = 0] = (await stored()).map(({ dueAt }) => Date.parse(dueAt) - START);
    expect(waitMs).toBeGreaterThanOrEqual(5_000);
  });

  it('is dead-lettered after the last attempt, which is more than a day after the first, and the next version follows', async () => {
    const events = orderOf(2);
    const [poison, next] = idsOf(events);
    receiver.answer = ({ headers }, response) => response.writeHead(headers['webhook-id'] === poison ? 400 : 204).end();
    await queue(events);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      expect(await deliver()).toBe(true);
      const [{ dueAt } = { dueAt: '' }] = await stored();
      await runtime.pass(Math.max(0, Date.parse(dueAt) - runtime.now()));
    }
    expect(runtime.now() - START).toBeGreaterThan(34 * HOURS);
    expect(runtime.now() - START).toBeLessThan(69 * HOURS);
    expect(ids()).toEqual([...Array(MAX_ATTEMPTS).fill(poison), next]);
    const [dead, delivered] = await stored();
    expect([dead?.status, dead?.attempts, delivered?.status]).toEqual(['dead-lettered', MAX_ATTEMPTS, 'delivered']);
    expect(dead && toDeliveryResponse(dead)).toMatchObject({ status: 'dead-lettered', lastError: 'status 400' });
    expect(warnings.at(-1)).toContain('It is dead-lettered.');
    expect(await deliver()).toBe(false);
  });

  it('holds up the later versions of its order, which then follow in order, and no other order', async () => {
    const [slow, quick] = [orderOf(3), orderOf(2)];
    receiver.answer = ({ headers }, response) =>
      response.writeHead(idsOf(slow).includes(String(headers['webhook-id'])) ? 500 : 204).end();
    await queue(slow.slice(0, 2));
    await queue(quick);
    await deliver();
    await queue(slow.slice(2));
    await deliver();
    expect(ids().toSorted()).toEqual([slow[0]?.eventId, ...idsOf(quick)].toSorted());

    receiver.answer = status(204);
    receiver.received.length = 0;
    await runtime.pass(10_000);
    while (await deliver());
    expect(ids()).toEqual(idsOf(slow));
  });

  it('does not keep the queue from others, however many wait behind it', async () => {
    const blocked = orderOf(130);
    receiver.answer = status(500);
    await queue(blocked);
    await deliver();
    await deliver();
    receiver.answer = status(204);
    receiver.received.length = 0;
    const other = orderOf(1);
    await queue(other);
    await deliver();
    expect(ids()).toEqual(idsOf(other));
  });
});

describe('a crash', () => {
  it('between the response and its record sends the message once more, with the same id', async () => {
    const events = orderOf(2);
    await queue(events);
    const crashing: DeliveryStore = { ...store, replace: () => Promise.reject(new Error('crash')) };
    await expect(deliver(crashing)).rejects.toThrow('crash');
    await deliver();
    expect(ids()).toEqual([events[0]?.eventId, ...idsOf(events)]);
  });

  it('between two batches of the queue loses nothing and changes no order', async () => {
    const events = orderOf(3);
    const others = Array.from({ length: 98 }, () => orderPlaced({ aggregateId: uniqueId('order') }));
    const batch = [...others, ...events];
    await queue(batch.slice(0, 100)); // the first batch was stored, then the host died
    await deliver();
    await queue(batch); // the hub delivers all of them again
    await deliver();
    expect(ids()).toHaveLength(batch.length);
    expect(ids().slice(-1)).toEqual([events[2]?.eventId]);
  });

  it('before an attempt leaves it to the next run', async () => {
    await queue(orderOf(1));
    await deliver(store, webhook, () => false);
    expect(receiver.received).toEqual([]);
    await deliver();
    expect(receiver.received).toHaveLength(1);
  });
});

describe('a replay', () => {
  const log = (events: readonly EventEnvelope[]): Pick<EventLog, 'page'> => ({
    page: async ({ after, from = '', limit }) => {
      const start = events.findIndex(({ version }) => version === after?.version) + 1;
      const page = events.slice(start, start + limit);
      const last = page.at(-1);
      const kept = page.filter(({ timestamp }) => timestamp >= from);
      return {
        events: kept.map((event) => ({ ...event, body: JSON.stringify(event) })),
        next: page.length < limit || last === undefined ? undefined : last,
      };
    },
  });
  const replayed = (from: string): Webhook => ({ ...webhook, replay: newReplay(from, 0, '2026-01-15T10:30:00.000Z') });
  const services = (events: readonly EventEnvelope[], from: Webhook) => ({
    logReads: replicaReads({ primary: async () => ({ log: log(events) }) }, runtime),
    deliveries: store,
    save: memoryWebhooks(from).save,
    now: runtime.now,
  });

  it('delivers what was recorded since a time again, with the same ids, in order, and the wanted types only', async () => {
    const orderId = uniqueId('order');
    const events = [
      orderPlaced({ aggregateId: orderId, version: 1, timestamp: '2025-12-31T23:59:59.999Z' }),
      orderPlaced({ aggregateId: orderId, version: 2, timestamp: '2026-01-01T00:00:00.000Z' }),
      customerRegistered({ version: 3 }),
      orderPlaced({ aggregateId: orderId, version: 4 }),
    ];
    await queue(events.slice(3));
    await deliver();
    const running = replayed('2026-01-01T00:00:00.000Z');
    const after = await stepReplay(running, services(events, running));
    expect(after?.replay).toMatchObject({ status: 'completed', queued: 2, finishedAt: '2026-01-15T10:30:00.000Z' });
    receiver.received.length = 0;
    await deliver();
    expect(ids()).toEqual([events[1]?.eventId, events[3]?.eventId]);
    expect(after && (await stepReplay(after, services(events, after)))).toBeUndefined();
  });

  it('goes on page by page, waits while the partner is away, and repeats a page after a crash', async () => {
    const events = orderOf(1_700);
    const queued: string[] = [];
    let pending = 0;
    const deliveries = {
      addAgain: async (added: readonly Delivery[]) => {
        queued.push(...added.map(({ id }) => id));
        pending += added.length;
      },
      countPending: async () => pending,
    };
    const step = (from: Webhook) => stepReplay(from, { ...services(events, from), deliveries });
    const started = replayed('2026-01-01T00:00:00.000Z');
    await step(started); // a crash: the position was not stored
    pending = 0;
    const second = (await step((await step(started)) ?? started)) ?? started;
    expect(queued).toEqual([...idsOf(events.slice(0, 500)), ...idsOf(events.slice(0, 1_000))]);

    expect(await step(second)).toBeUndefined(); // a thousand are pending
    pending = 0;
    const last = (await step((await step(second)) ?? second)) ?? second;
    expect(queued.slice(500)).toEqual(idsOf(events));
    expect(last.replay).toMatchObject({ status: 'completed', queued: 1_700 });
  });

  describe('that cannot read the log', () => {
    const unused = () => Promise.reject(new Error('The webhook has no secrets.'));
    const noMasterKey = readableMasterKey({ newest: unused, refresh: unused, version: unused });
    const unreadable: Pick<EventLog, 'page'> = { page: () => Promise.reject(new Error('The log cannot be read.')) };
    /** One run of the timer for the webhook as it is stored. */
    const run = async (webhooks: WebhookStore) => {
      const [current] = await webhooks.all();
      if (current === undefined) throw new Error('There is no webhook.');
      const replaying = {
        logReads: replicaReads({ primary: async () => ({ log: unreadable }) }, runtime),
        deliveries: store,
        save: webhooks.save,
        now: runtime.now,
      };
      const pass = passes(
        { masterKey: noMasterKey, runtime },
        {
          deliveries: store,
          post: createPostMessage({ allowPrivateAddresses: true, ca: CERTIFICATE }, runtime),
          runtime,
          warn: () => undefined,
          replaying,
          context: { error: (...args) => void warnings.push(String(args[0])) },
        },
      );
      await deliverAll([current], pass, runtime);
    };

    it('does not hold up new events', async () => {
      const events = orderOf(2);
      await queue(events);
      await run(memoryWebhooks(replayed('2026-01-01T00:00:00.000Z')));
      expect(ids()).toEqual(idsOf(events));
      expect(warnings).toEqual([`The replay of webhook ${webhook.webhookId} cannot continue at the moment:`]);
    });

    it('fails after a hundred runs', async () => {
      const webhooks = memoryWebhooks(replayed('2026-01-01T00:00:00.000Z'));
      const last = async () => (await webhooks.all())[0]?.replay;
      for (let failed = 1; failed < 100; failed++) await run(webhooks);
      expect(await last()).toMatchObject({ status: 'running', finishedAt: null });
      await run(webhooks);
      expect(await last()).toMatchObject({ status: 'failed', finishedAt: '2026-01-15T10:30:00.000Z' });
      await run(webhooks);
      expect(warnings).toHaveLength(100);
    });
  });

  it('stops when the webhook was changed or deleted meanwhile', async () => {
    const running = replayed('2026-01-01T00:00:00.000Z');
    const deleted = { ...services(orderOf(1), running), save: async () => undefined };
    expect(await stepReplay(running, deleted)).toBeUndefined();
  });
});
