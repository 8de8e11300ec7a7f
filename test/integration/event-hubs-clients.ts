/** The unmodified SDK's clients against a stand-in of their own; everything is closed when the test ends. */
import {
  type EventData,
  EventHubBufferedProducerClient,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import { onTestFinished } from 'vitest';
import { type EventHubsServer, startEventHubs } from '../../local/event-hubs/server.ts';
import { eventHubsContainer, needsStandIn } from '../support/containers/containers.ts';
import { type EventHubContainer, eventHubContainer } from '../support/containers/event-hubs-container.ts';

export const HUB = 'orders';
export const GROUPS = ['details', 'search'] as const;

/** Short, so that a send that races a dropped socket is tried again soon. */
export const RETRY = { maxRetries: 20, retryDelayInMs: 50, timeoutInMs: 5000 };

export interface ReceivedEvent {
  readonly partitionId: string;
  readonly event: ReceivedEventData;
}

export interface TestSettings {
  readonly partitions?: number;
  /** Whether the test needs a hub without the events of others. */
  readonly empty?: boolean;
  readonly maxEventsPerPartition?: number;
  readonly file?: string;
}

/** A hub, and where the test begins in it if it is not the test's own. It runs in this process or another one. */
export type TestHub = Pick<EventHubsServer, 'connectionString'> & Partial<EventHubContainer>;

/** A hub of the stand-in, or of the official emulator where TEST_EVENT_HUBS_CONNECTION_STRING names it. */
export async function startHub({
  partitions = 4,
  empty = false,
  ...options
}: TestSettings = {}): Promise<EventHubsServer & Partial<EventHubContainer>> {
  if (eventHubsContainer !== undefined) {
    if (empty || options.maxEventsPerPartition !== undefined || options.file !== undefined)
      needsStandIn('hub of its own');
    return eventHubContainer(eventHubsContainer, partitions);
  }
  const hubs = [{ name: HUB, partitions, consumerGroups: GROUPS }];
  const server = await startEventHubs({ port: 0, hubs, ...options });
  onTestFinished(() => server.close());
  return server;
}

function closing<C extends { close(): Promise<void> }>(client: C): C {
  onTestFinished(() => client.close());
  return client;
}

export function producerFor(server: TestHub, hub = server.hub ?? HUB): EventHubProducerClient {
  return closing(new EventHubProducerClient(server.connectionString, hub, { retryOptions: RETRY }));
}

/** Fails the test when it gives up an event, but not when it gives up its connection after the test has ended. */
export function bufferedProducerFor(server: TestHub, enableIdempotentRetries = false) {
  let isOver = false;
  onTestFinished(() => {
    isOver = true;
  });
  return closing(
    new EventHubBufferedProducerClient(server.connectionString, server.hub ?? HUB, {
      retryOptions: RETRY,
      maxWaitTimeInMs: 10,
      enableIdempotentRetries,
      // Without events, the client could not connect for a while: it goes on trying.
      onSendEventsErrorHandler: async ({ events, error }) => {
        if (!isOver && events.length > 0) throw error;
      },
    }),
  );
}

export function consumerFor(
  server: TestHub,
  group: string = GROUPS[0],
  hub = server.hub ?? HUB,
): EventHubConsumerClient {
  const client = new EventHubConsumerClient(group, server.connectionString, hub, { retryOptions: RETRY });
  if (server.start !== undefined) EARLIEST.set(client, server.start);
  return closing(client);
}

/** Where a hub began for the test, of clients of the emulator, whose hubs hold the events of other tests. */
const EARLIEST = new WeakMap<EventHubConsumerClient, EventHubContainer['start']>();

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
  const { partitionId, count = 1, onEvents, ...others } = options;
  const earliest = others.startPosition === earliestEventPosition ? EARLIEST.get(client) : undefined;
  const subscribeOptions = earliest === undefined ? others : { ...others, startPosition: earliest };
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
