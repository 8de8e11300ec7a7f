import { EventHubBufferedProducerClient, type EventHubBufferedProducerClientOptions } from '@azure/event-hubs';
import type { Connection } from '../config/connection.ts';
import { appCredential } from '../credential.ts';
import type { Clock } from '../runtime.ts';
import { allowAddressOfDroppedLinks } from './address-of-dropped-links.ts';

/** An event to send. The aggregate id is the partition key, so the events of one aggregate stay in order. */
export interface PublishableEvent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly body: string;
  /** Application properties, which consumers can read without parsing the body. */
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * What became of an event: the hub acknowledged it (`sent`), it could not be sent now (`failed`), or the hub or its client refused
 * the event or its batch for what is in it, so that sending it again would not help (`refused`).
 */
export type SendOutcome = 'sent' | 'failed' | 'refused';

export interface EventPublisher {
  /** Resolves to the outcome once it is known. Never rejects. */
  send(event: PublishableEvent): Promise<SendOutcome>;
  /** Resolves when the hub responds. */
  ping(): Promise<unknown>;
  /** Sends buffered events for up to a few seconds, then closes the connection. The remaining events count as not sent. */
  close(): Promise<void>;
}

/** Milliseconds that a busy buffer waits for more events before it sends a batch. An idle buffer sends immediately. */
const MAX_WAIT_MS = 20;

/** Maximum unacknowledged events. Above it, the hub is down or too slow, so further events are rejected instead of buffered. */
const MAX_PENDING = 5_000;

/** A send on a dropped connection waits for its timeout (default: one minute). All attempts must end within the relay's lease. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, timeoutInMs: 5_000 };

/**
 * An event without an outcome after this time (ms) counts as not sent, so that it is sent again. Longer than all attempts of the
 * client together, and shorter than the outbox relay's lease.
 */
const GIVE_UP_MS = 25_000;

/** Maximum time (ms) that closing waits for the hub. */
const CLOSE_LIMIT_MS = 5_000;

/** The part of the SDK's buffered producer that is used here. */
export type BufferedProducer = Pick<EventHubBufferedProducerClient, 'enqueueEvent' | 'getPartitionIds' | 'close'>;

/** Opens the SDK's buffered producer for a hub. */
export type OpenProducer = (
  connection: Connection,
  hubName: string,
  options: EventHubBufferedProducerClientOptions,
) => BufferedProducer;

export interface PublisherOptions extends Pick<Clock, 'delay' | 'timer'> {
  /** Default: the SDK's. */
  readonly openProducer?: OpenProducer;
}

/** Opens a buffered producer. It batches events per partition and reports the outcome of each event to its caller. */
export function openEventPublisher(
  connection: Connection,
  hubName: string,
  warn: (text: string) => void,
  { delay, timer, openProducer = openBufferedProducer }: PublisherOptions,
): EventPublisher {
  const pending = new Map<unknown, PromiseWithResolvers<SendOutcome>>();
  const settle = (eventId: unknown, outcome: SendOutcome) => {
    pending.get(eventId)?.resolve(outcome);
    pending.delete(eventId);
  };
  const client = openProducer(connection, hubName, {
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxEventBufferLengthPerPartition: MAX_PENDING,
    retryOptions: RETRY_OPTIONS,
    onSendEventsSuccessHandler: ({ events }) => {
      for (const event of events) settle(eventIdOf(event), 'sent');
    },
    onSendEventsErrorHandler: ({ events, error }) => {
      if (events.length === 0) return; // the client calls this twice a second while the hub is unavailable
      const outcome = isRefusal(error) ? 'refused' : 'failed';
      const failure = outcome === 'refused' ? 'were refused by' : 'could not be sent to';
      warn(`${events.length} events ${failure} ${hubName}; they will be sent again: ${error.message || error.name}`);
      for (const event of events) settle(eventIdOf(event), outcome);
    },
  });
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
      client.enqueueEvent(event, { partitionKey: aggregateId }).catch((error: Error) => {
        warn(`An event could not be queued for ${hubName}; it will be sent again: ${error.message}`);
        settle(eventId, 'failed');
      });
      return acknowledged.promise;
    },
    ping: () => client.getPartitionIds(),
    close: async () => {
      const closed = new AbortController();
      await Promise.race([client.close(), delay(CLOSE_LIMIT_MS, closed.signal)]);
      closed.abort();
      for (const eventId of [...pending.keys()]) settle(eventId, 'failed');
    },
  };
}

/** Codes of `@azure/core-amqp` for errors that are about the messages, not about the connection, the hub or the sender's rights. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'MessageTooLargeError',
  'DecodeError',
  'ArgumentError',
  'ArgumentOutOfRangeError',
]);

/** The client has only this text for an event that does not fit into an empty batch. */
const TOO_LARGE_FOR_A_BATCH = 'Placeholder for max message size exceeded';

function isRefusal(error: Error): boolean {
  return error.message === TOO_LARGE_FOR_A_BATCH || ('code' in error && REFUSALS.has(error.code));
}

/** The client passes back the EventData that was enqueued. Its message id is the event's id. */
function eventIdOf(event: object): unknown {
  return 'messageId' in event ? event.messageId : undefined;
}

/** Opens the SDK's buffered producer. Nothing is sent until the first event. */
export const openBufferedProducer: OpenProducer = (connection, hubName, options) => {
  allowAddressOfDroppedLinks();
  if (connection.kind === 'connectionString') {
    return new EventHubBufferedProducerClient(connection.connectionString, hubName, options);
  }
  return new EventHubBufferedProducerClient(connection.endpoint, hubName, appCredential(connection.clientId), options);
};
