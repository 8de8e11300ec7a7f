import { setTimeout as delay } from 'node:timers/promises';
import { EventHubBufferedProducerClient, type EventHubBufferedProducerClientOptions } from '@azure/event-hubs';
import type { Connection } from '../config.ts';
import { appCredential } from '../credential.ts';

/** What is sent to the hub: the aggregate is the partition key, so the events of one order keep their order. */
export interface PublishableEvent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly body: string;
  /** Application properties: consumers can read them without the body. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface EventPublisher {
  /** Resolves to true once the hub has acknowledged the event; to false when it could not be sent. Never rejects. */
  send(event: PublishableEvent): Promise<boolean>;
  /** Resolves when the hub answers. */
  ping(): Promise<unknown>;
  /** Sends what is buffered, as far as a few seconds allow, and closes the connection; the rest counts as not sent. */
  close(): Promise<void>;
}

/** Milliseconds that a busy buffer waits for more events before it sends a batch; an idle one sends at once. */
const MAX_WAIT_MS = 20;

/** Beyond this many unacknowledged events the hub is down or too slow: the rest is refused, not kept in memory. */
const MAX_PENDING = 5_000;

/** A send that races a dropped connection waits until its time is out: by default a minute. All tries end within the relay's lease. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, timeoutInMs: 5_000 };

/**
 * An event of which the client has told nothing for so long (ms) counts as not sent, so that it is sent anew: longer than all
 * tries of the client, shorter than the outbox relay's lease.
 */
const GIVE_UP_MS = 25_000;

/** Closing waits for the hub for so long (ms). */
const CLOSE_LIMIT_MS = 5_000;

/** Opens a buffered producer: events are batched per partition, and each caller learns of its own event's fate. */
export function openEventPublisher(
  connection: Connection,
  hubName: string,
  warn: (text: string) => void,
): EventPublisher {
  const pending = new Map<unknown, PromiseWithResolvers<boolean>>();
  const settle = (eventId: unknown, sent: boolean) => {
    pending.get(eventId)?.resolve(sent);
    pending.delete(eventId);
  };
  const client = openClient(connection, hubName, {
    maxWaitTimeInMs: MAX_WAIT_MS,
    maxEventBufferLengthPerPartition: MAX_PENDING,
    retryOptions: RETRY_OPTIONS,
    onSendEventsSuccessHandler: ({ events }) => {
      for (const event of events) settle(eventIdOf(event), true);
    },
    onSendEventsErrorHandler: ({ events, error }) => {
      if (events.length === 0) return; // the client tells so twice a second that the hub is still away
      warn(
        `${events.length} events could not be sent to ${hubName}; they will be sent anew: ${error.message || error.name}`,
      );
      for (const event of events) settle(eventIdOf(event), false);
    },
  });
  return {
    send: ({ eventId, aggregateId, body, properties }) => {
      const before = pending.get(eventId);
      if (before !== undefined) return before.promise;
      if (pending.size >= MAX_PENDING) return Promise.resolve(false);
      const acknowledged = Promise.withResolvers<boolean>();
      pending.set(eventId, acknowledged);
      const giveUp = setTimeout(() => settle(eventId, false), GIVE_UP_MS).unref();
      acknowledged.promise.finally(() => clearTimeout(giveUp));
      const event = {
        body: Buffer.from(body),
        contentType: 'application/json',
        messageId: eventId,
        ...(properties !== undefined && { properties }),
      };
      client.enqueueEvent(event, { partitionKey: aggregateId }).catch((error: Error) => {
        warn(`An event could not be handed to ${hubName}; it will be sent anew: ${error.message}`);
        settle(eventId, false);
      });
      return acknowledged.promise;
    },
    ping: () => client.getPartitionIds(),
    close: async () => {
      await Promise.race([client.close(), delay(CLOSE_LIMIT_MS, undefined, { ref: false })]);
      for (const eventId of [...pending.keys()]) settle(eventId, false);
    },
  };
}

/** The client hands back what it was given: an EventData whose message id is the event's id. */
function eventIdOf(event: object): unknown {
  return 'messageId' in event ? event.messageId : undefined;
}

function openClient(
  connection: Connection,
  hubName: string,
  options: EventHubBufferedProducerClientOptions,
): EventHubBufferedProducerClient {
  if (connection.kind === 'connectionString') {
    return new EventHubBufferedProducerClient(connection.connectionString, hubName, options);
  }
  return new EventHubBufferedProducerClient(connection.endpoint, hubName, appCredential(connection.clientId), options);
}
