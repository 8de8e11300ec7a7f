import { ORDER_EVENTS_HUB, WEBHOOKS_CONSUMER_GROUP } from '../../shared/event-hubs/hub.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import type { SyncApp } from '../app.ts';
import type { CustomerKeys } from '../customer-keys/customer-keys.ts';
import { TransientFault } from '../projector/bulk.ts';
import { eventHubFunction } from '../projector/event-hub-function.ts';
import { decodeBatch } from '../projector/projector.ts';
import { cosmosDeliveryStore } from './delivery-store.ts';
import { queueEvents, withoutKeys } from './queue-events.ts';

const NO_KEYS: CustomerKeys = { keysOf: withoutKeys, forget: () => undefined };

/** The Event Hub-triggered function that queues the messages for partners. It sends none, so no partner holds up a partition. */
export function queueWebhooksFunction(app: SyncApp): EventHubFunction {
  const deliveries = cosmosDeliveryStore(app.database, app.runtime);
  const webhooks = () =>
    app.webhooks.all().catch((cause: unknown) => {
      throw new TransientFault('The webhook subscriptions cannot be read.', { cause });
    });
  return eventHubFunction(app, {
    name: 'queueWebhooks',
    consumer: WEBHOOKS_CONSUMER_GROUP,
    eventHubName: ORDER_EVENTS_HUB,
    consumerGroup: WEBHOOKS_CONSUMER_GROUP,
    handle: async (received) => {
      // What cannot be decoded is a dead letter of the read models already.
      const { decoded } = await decodeBatch(received, WEBHOOKS_CONSUMER_GROUP, NO_KEYS);
      const events = decoded.map(({ event }) => event);
      await queueEvents(events, { webhooks, deliveries, now: app.runtime.now });
    },
  });
}
