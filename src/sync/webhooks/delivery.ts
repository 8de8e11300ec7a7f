import * as z from 'zod';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { payloadOf } from './payload.ts';

/** `dead-lettered`: the last attempt has failed. Only a replay delivers it again. */
export const deliveryStatus = z.enum(['pending', 'delivered', 'dead-lettered']);

/** A message for a partner: one event of one subscription. */
export interface Delivery {
  /** The event's id, which is also the id of the message in every attempt. */
  readonly id: string;
  /** The partition key. */
  readonly webhookId: string;
  readonly eventType: string;
  readonly aggregateType: EventEnvelope['aggregateType'];
  readonly aggregateId: string;
  readonly version: number;
  /** The aggregate of its type: its messages are delivered in version order. */
  readonly stream: string;
  readonly status: z.output<typeof deliveryStatus>;
  /** When the next attempt is due, ISO 8601 UTC. */
  readonly dueAt: string;
  /** JSON, while it is pending. */
  readonly body?: string;
  readonly attempts: number;
  /** ISO 8601 UTC. */
  readonly queuedAt: string;
  readonly lastAttemptAt?: string;
  /** The status of the last response. */
  readonly lastStatus?: number;
  /** Why the last attempt failed. */
  readonly lastError?: string;
  /** Seconds after which a delivered message is deleted. Others have the time of the container. */
  readonly ttl?: number;
  /** Lists sort by it in descending order: newest first. */
  readonly sortKey: string;
}

/**
 * Returns a function that makes the message about an event for a subscription. It has not been sent.
 * @param now ISO 8601 UTC
 */
export function messageOf(event: EventEnvelope, now: string): (webhookId: string) => Delivery {
  const { eventId: id, eventType, aggregateType, aggregateId, version } = event;
  const body = payloadOf(event);
  return (webhookId) => ({
    id,
    webhookId,
    eventType,
    aggregateType,
    aggregateId,
    version,
    stream: `${aggregateType}/${aggregateId}`,
    status: 'pending',
    dueAt: now,
    body,
    attempts: 0,
    queuedAt: now,
    sortKey: sortKey(now, id),
  });
}

/** A delivery in API responses. */
export const deliveryResponse = z
  .strictObject({
    messageId: z.string().describe('The id of the event, and the header `webhook-id` of every attempt.'),
    eventType: z.string(),
    aggregateType: z.string(),
    aggregateId: z.string(),
    version: z.int().positive(),
    status: deliveryStatus,
    attempts: z.int().nonnegative(),
    queuedAt: z.iso.datetime(),
    nextAttemptAt: z.iso.datetime().exactOptional().describe('While it is pending: not before this time.'),
    lastAttemptAt: z.iso.datetime().exactOptional(),
    lastStatus: z.int().exactOptional().describe('The status of the last response.'),
    lastError: z.string().exactOptional().describe('Why the last attempt failed.'),
  })
  .meta({ id: 'WebhookDelivery' });

/** Maps a delivery to its API response. */
export function toDeliveryResponse(delivery: Delivery): z.output<typeof deliveryResponse> {
  const { id: messageId, eventType, aggregateType, aggregateId, version, status, attempts, queuedAt } = delivery;
  const { lastAttemptAt, lastStatus, lastError, dueAt: nextAttemptAt } = delivery;
  return {
    messageId,
    eventType,
    aggregateType,
    aggregateId,
    version,
    status,
    attempts,
    queuedAt,
    ...(status === 'pending' && { nextAttemptAt }),
    ...(lastAttemptAt !== undefined && { lastAttemptAt }),
    ...(lastStatus !== undefined && { lastStatus }),
    ...(lastError !== undefined && { lastError }),
  };
}
