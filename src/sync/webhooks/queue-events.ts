import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { KeysOf } from '../../shared/personal-data/event-encryption.ts';
import { messageOf } from './delivery.ts';
import type { DeliveryStore } from './delivery-store.ts';
import type { Webhook } from './webhook.ts';

/** Messages contain no personal data, so it is not even decrypted: every customer counts as erased. */
export const withoutKeys = async (): Promise<KeysOf> => () => 'destroyed';

/** What queueing events uses. */
export interface QueueServices {
  readonly webhooks: () => Promise<readonly Pick<Webhook, 'webhookId' | 'eventTypes' | 'createdAt'>[]>;
  readonly deliveries: Pick<DeliveryStore, 'add'>;
  readonly now: () => number;
}

/**
 * Queues the messages about events, for each subscription to their types. Events from before a subscription are left out.
 * Idempotent. Returns why events could not be queued for a subscription, by event id: its queue is full. Throws TransientFault and the
 * errors of the stores.
 */
export async function queueEvents(
  events: readonly EventEnvelope[],
  { webhooks, deliveries, now }: QueueServices,
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  if (events.length === 0) return refused;
  const queuedAt = new Date(now()).toISOString();
  const subscriptions = await webhooks();
  const types = new Set(subscriptions.flatMap(({ eventTypes }) => eventTypes));
  const messages = events
    .filter(({ eventType }) => types.has(eventType))
    .map((event) => ({ event, messageFor: messageOf(event, queuedAt) }));
  await Promise.all(
    subscriptions.map(async ({ webhookId, eventTypes, createdAt }) => {
      const wanted = messages.filter(
        ({ event }) => eventTypes.includes(event.eventType) && event.timestamp >= createdAt,
      );
      if (await deliveries.add(wanted.map(({ messageFor }) => messageFor(webhookId)))) return;
      for (const { event } of wanted) refused.set(event.eventId, `the queue of a webhook is full: ${webhookId}`);
    }),
  );
  return refused;
}
