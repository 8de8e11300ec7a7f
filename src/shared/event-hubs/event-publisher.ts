import { type EventHubClientOptions, EventHubProducerClient } from '@azure/event-hubs';
import type { Connection } from '../config/connection.ts';
import { appCredential } from '../credential.ts';
import { lazyResource } from '../lazy-resource.ts';
import type { Clock } from '../runtime.ts';
import { applyAmqpWorkarounds } from './amqp-workarounds.ts';
import { openPartitionSenders, type Producer, type SendOutcome } from './partition-sender.ts';

/** An event to send. The aggregate id is the partition key, so the events of one aggregate stay in order. */
export interface PublishableEvent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly body: string;
  /** Application properties, which consumers can read without parsing the body. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface EventPublisher {
  /** Resolves to the outcome once it is known. Never rejects. */
  send(event: PublishableEvent): Promise<SendOutcome>;
  /** Resolves when the hub responds. */
  ping(): Promise<unknown>;
  /** Sends buffered events for up to a few seconds, then closes the connection. The remaining events count as not sent. */
  close(): Promise<void>;
}

/** Maximum unacknowledged events. Above it, the hub is down or too slow, so further events are rejected instead of buffered. */
const MAX_PENDING = 5_000;

/** A send on a dropped connection waits for its timeout (default: one minute). All attempts must end within the relay's lease. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, timeoutInMs: 5_000 };

/**
 * An event without an outcome after this time (ms) counts as not sent, so that it is sent again. Longer than all attempts of one call of
 * the client, and shorter than the outbox relay's lease.
 */
const GIVE_UP_MS = 25_000;

/** Maximum time (ms) that closing waits for the hub. */
const CLOSE_LIMIT_MS = 5_000;

/** Opens the SDK's producer for a hub. */
export type OpenProducer = (connection: Connection, hubName: string, options: EventHubClientOptions) => Producer;

export interface PublisherOptions extends Pick<Clock, 'delay' | 'timer'> {
  /** Default: the SDK's. */
  readonly openProducer?: OpenProducer;
}

/** Opens a publisher. It sends the events of each partition in batches and reports the outcome of each event to its caller. */
export function openEventPublisher(
  connection: Connection,
  hubName: string,
  warn: (text: string) => void,
  { delay, timer, openProducer = openHubProducer }: PublisherOptions,
): EventPublisher {
  const pending = new Map<string, PromiseWithResolvers<SendOutcome>>();
  const settle = (eventId: string, outcome: SendOutcome) => {
    pending.get(eventId)?.resolve(outcome);
    pending.delete(eventId);
  };
  const producer = openProducer(connection, hubName, { retryOptions: RETRY_OPTIONS });
  const notSent = (count: number, outcome: SendOutcome, reason: string) => {
    const failure = outcome === 'refused' ? 'refused' : 'did not acknowledge';
    const events = count === 1 ? 'an event' : `${count} events`;
    warn(`The hub ${hubName} ${failure} ${events}, which will be sent again: ${reason}`);
  };
  const senders = lazyResource(() => openPartitionSenders({ producer, notSent, delay }));
  return {
    send: ({ eventId, aggregateId, body, properties }) => {
      const before = pending.get(eventId);
      if (before !== undefined) return before.promise;
      if (pending.size >= MAX_PENDING) return Promise.resolve('failed');
      const acknowledged = Promise.withResolvers<SendOutcome>();
      pending.set(eventId, acknowledged);
      acknowledged.promise.finally(timer(GIVE_UP_MS, () => settle(eventId, 'failed')));
      const event = {
        body: Buffer.from(body),
        contentType: 'application/json',
        messageId: eventId,
        ...(properties !== undefined && { properties }),
      };
      const queued = { event, settle: (outcome: SendOutcome) => settle(eventId, outcome) };
      senders.get().then(
        ({ add }) => add(aggregateId, queued),
        (error: Error) => {
          notSent(1, 'failed', error.message);
          settle(eventId, 'failed');
        },
      );
      return acknowledged.promise;
    },
    ping: () => producer.getPartitionIds(),
    close: async () => {
      const closed = new AbortController();
      const closing = senders.close().finally(() => producer.close());
      await Promise.race([closing.catch(() => undefined), delay(CLOSE_LIMIT_MS, closed.signal)]);
      closed.abort();
      for (const eventId of [...pending.keys()]) settle(eventId, 'failed');
    },
  };
}

/** Opens the SDK's producer. Nothing is sent until the first event. */
export const openHubProducer: OpenProducer = (connection, hubName, options) => {
  applyAmqpWorkarounds();
  if (connection.kind === 'connectionString') {
    return new EventHubProducerClient(connection.connectionString, hubName, options);
  }
  return new EventHubProducerClient(connection.endpoint, hubName, appCredential(connection.clientId), options);
};
