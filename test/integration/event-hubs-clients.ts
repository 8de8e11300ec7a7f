/** The unmodified SDK's clients against a stand-in of their own; everything is closed when the test ends. */
import {
  type EventData,
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  type PartitionContext,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { onTestFinished } from 'vitest';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';

export const HUB = 'orders';
export const GROUPS = ['details', 'search'] as const;

/** Short, so that a send that races a dropped socket is tried again soon. */
export const RETRY = { maxRetries: 20, retryDelayInMs: 50, timeoutInMs: 1200 };

export interface ReceivedEvent {
  readonly partitionId: string;
  readonly event: ReceivedEventData;
}

export interface TestSettings {
  readonly partitions?: number;
  readonly maxEventsPerPartition?: number;
  readonly file?: string;
}

/** A server in this process or another. */
export type Connectable = Pick<EventHubsServer, 'connectionString'>;

export async function startHub({ partitions = 4, ...options }: TestSettings = {}): Promise<EventHubsServer> {
  const hubs = [{ name: HUB, partitions, consumerGroups: GROUPS }];
  const server = await startEventHubs({ port: 0, hubs, ...options });
  onTestFinished(() => server.close());
  return server;
}

function closing<C extends { close(): Promise<void> }>(client: C): C {
  onTestFinished(() => client.close());
  return client;
}

export function producerFor(server: Connectable, hub = HUB): EventHubProducerClient {
  return closing(new EventHubProducerClient(server.connectionString, hub, { retryOptions: RETRY }));
}

export function bufferedProducerFor(server: EventHubsServer, enableIdempotentRetries = false) {
  return closing(
    new EventHubBufferedProducerClient(server.connectionString, HUB, {
      retryOptions: RETRY,
      maxWaitTimeInMs: 10,
      enableIdempotentRetries,
      onSendEventsErrorHandler: ({ error }) => Promise.reject(error),
    }),
  );
}

export function consumerFor(server: Connectable, group: string = GROUPS[0], hub = HUB): EventHubConsumerClient {
  return closing(new EventHubConsumerClient(group, server.connectionString, hub, { retryOptions: RETRY }));
}

export interface ReceiveOptions extends SubscribeOptions {
  /** One partition only; all of them by default. */
  readonly partitionId?: string;
  /** Enough when so many events have come. Default 1. */
  readonly count?: number;
  readonly onEvents?: (events: ReceivedEventData[], context: PartitionContext) => Promise<void>;
}

/**
 * @returns the events received, as soon as there are enough
 * @throws the first error that the SDK's own retries did not overcome
 */
export async function receive(client: EventHubConsumerClient, options: ReceiveOptions = {}): Promise<ReceivedEvent[]> {
  const { partitionId, count = 1, onEvents, ...subscribeOptions } = options;
  const received: ReceivedEvent[] = [];
  const enough = Promise.withResolvers<void>();
  const handlers = {
    processEvents: async (events: ReceivedEventData[], context: PartitionContext) => {
      received.push(...events.map((event) => ({ partitionId: context.partitionId, event })));
      await onEvents?.(events, context);
      if (received.length >= count) enough.resolve();
    },
    processError: async (error: Error) => {
      if (!('retryable' in error && error.retryable === true)) enough.reject(error);
    },
  };
  const reading = { maxBatchSize: 1000, maxWaitTimeInSeconds: 0.2, ...subscribeOptions };
  const subscription =
    partitionId === undefined ? client.subscribe(handlers, reading) : client.subscribe(partitionId, handlers, reading);
  try {
    await enough.promise;
  } finally {
    await subscription.close();
  }
  return received;
}

/** @returns events whose bodies are the numbers from `first` on */
export function numbered(count: number, first = 0): EventData[] {
  return Array.from({ length: count }, (_, index) => ({ body: first + index }));
}

export function bodies(received: readonly ReceivedEvent[]): unknown[] {
  return received.map(({ event }) => event.body);
}
