import { ORDER_EVENTS_HUB, WEBHOOKS_CONSUMER_GROUP } from '../../shared/event-hubs/hub.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import type { SyncApp } from '../app.ts';
import type { CustomerKeys } from '../customer-keys/customer-keys.ts';
import { cosmosDeadLetters } from '../dead-letters/dead-letters.ts';
import { logDeadLetters } from '../dead-letters/log-dead-letters.ts';
import type { HandleEvents } from '../dead-letters/redrive.ts';
import { TransientFault } from '../projector/bulk.ts';
import { eventHubFunction } from '../projector/event-hub-function.ts';
import { decodeBatch } from '../projector/projector.ts';
import { cosmosDeliveryStore } from './delivery-store.ts';
import { queueEvents, withoutKeys } from './queue-events.ts';

const NO_KEYS: CustomerKeys = { keysOf: withoutKeys, forget: () => undefined };

type QueueingApp = Pick<SyncApp, 'database' | 'runtime' | 'webhooks'>;

/** Returns a function that queues the messages about events, and returns the events that cannot be decoded or queued. */
export function messageQueue(app: QueueingApp): HandleEvents {
  const deliveries = cosmosDeliveryStore(app.database, app.runtime);
  const webhooks = () =>
    app.webhooks.all().catch((cause: unknown) => {
      throw new TransientFault('The webhook subscriptions cannot be read.', { cause });
    });
  return async (batch) => {
    const { decoded, poison } = await decodeBatch(batch, WEBHOOKS_CONSUMER_GROUP, NO_KEYS);
    const events = decoded.map(({ event }) => event);
    const refused = await queueEvents(events, { webhooks, deliveries, now: app.runtime.now });
    for (const received of decoded) {
      const reason = refused.get(received.event.eventId);
      if (reason !== undefined) poison.push({ ...received, reason });
    }
    return { poison };
  };
}

/**
 * The Event Hub-triggered function that queues the messages for partners. It sends none, so no partner holds up a partition. An event that
 * cannot be decoded, or that the full queue of a subscription refuses, becomes a dead letter, so that a redrive queues its messages.
 */
export function queueWebhooksFunction(app: QueueingApp & Pick<SyncApp, 'writeDatabase'>): EventHubFunction {
  const queue = messageQueue(app);
  const deadLetters = cosmosDeadLetters(app.database.container(DEAD_LETTERS.name), app.runtime);
  return eventHubFunction(app, {
    name: 'queueWebhooks',
    consumer: WEBHOOKS_CONSUMER_GROUP,
    eventHubName: ORDER_EVENTS_HUB,
    consumerGroup: WEBHOOKS_CONSUMER_GROUP,
    handle: async (received, context) => {
      const { poison } = await queue(received);
      logDeadLetters(context, WEBHOOKS_CONSUMER_GROUP, await deadLetters.add(WEBHOOKS_CONSUMER_GROUP, poison));
    },
  });
}
