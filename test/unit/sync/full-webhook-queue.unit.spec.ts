import { CosmosClient } from '@azure/cosmos';
import { expect, it, vi } from 'vitest';
import { afterAttempt } from '../../../src/sync/webhooks/deliver.ts';
import type { Delivery } from '../../../src/sync/webhooks/delivery.ts';
import { messageOf } from '../../../src/sync/webhooks/delivery.ts';
import { cosmosDeliveryStore } from '../../../src/sync/webhooks/delivery-store.ts';
import { queueEvents } from '../../../src/sync/webhooks/queue-events.ts';
import { orderPlaced } from '../../support/events/events.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

const event = orderPlaced({});
const NOW = '2026-01-15T10:30:00.000Z';
const subscription = (webhookId: string) => ({
  webhookId,
  eventTypes: ['OrderPlaced'],
  createdAt: '2026-01-01T00:00:00.000Z',
});

it('a full queue refuses the events of its webhook only, and says which', async () => {
  const queued: string[] = [];
  const add = async (deliveries: readonly Delivery[]) => {
    if (deliveries.some(({ webhookId }) => webhookId === 'full')) return false;
    queued.push(...deliveries.map(({ webhookId }) => webhookId));
    return true;
  };
  const webhooks = async () => ['full', 'other'].map(subscription);
  const refused = await queueEvents([event], { webhooks, deliveries: { add }, now: () => Date.parse(NOW) });
  expect(queued).toEqual(['other']);
  expect([...refused]).toEqual([[event.eventId, 'the queue of a webhook is full: full']]);
});

it('a logical partition that is full is no transient fault', async () => {
  const client = new CosmosClient({ endpoint: 'https://localhost:1/', key: 'a2V5' });
  const database = client.database('orders');
  const container = database.container('webhook_deliveries');
  vi.spyOn(database, 'container').mockReturnValue(container);
  const statuses = [424, 403];
  const result = statuses.map((statusCode) => ({ statusCode, requestCharge: 0 }));
  const response = { result, code: 207 };
  vi.spyOn(container.items, 'batch').mockImplementation(async () => Object.assign(Object.create(null), response));
  const store = cosmosDeliveryStore(database, simulatedRuntime());
  const events = [event, orderPlaced({ version: 2 })];
  expect(await store.add(events.map((one) => messageOf(one, NOW)('full')))).toBe(false);
  client.dispose();
});

it('a delivered message is kept for five days', () => {
  const delivered = afterAttempt(messageOf(event, NOW)('w'), { kind: 'delivered', status: 204 }, simulatedRuntime());
  expect(delivered.ttl).toBe(5 * 24 * 3600);
});
