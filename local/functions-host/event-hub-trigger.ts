import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventHubConsumerClient,
  earliestEventPosition,
  latestEventPosition,
  type PartitionContext,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import type { RegisteredFunction } from './app-registry.ts';
import type { Binding } from './core-types.ts';
import { type EventHubBinding, eventHubBinding } from './event-hub-binding.ts';
import { createConsumer } from './event-hub-consumer.ts';
import { eventHubRequest } from './event-hub-input.ts';
import type { TriggerHost, TriggerListener } from './listener.ts';
import { PartitionWorker } from './partition-worker.ts';
import { invokeWithRetries } from './retry-policy.ts';
import { Silence } from './silence.ts';

/** How long after a failure (Event Hubs or Storage are away) the listener starts anew. */
const RESTART_MS = 1_000;
/** After a dropped connection the SDK first lets this time run out, then it connects again. It does not delay events. */
const MAX_WAIT_SECONDS = 1;
/**
 * The SDK hands over events, or none, every MAX_WAIT_SECONDS. When the connection is dropped while it looks for partitions, or
 * closes, it waits for an answer for ever: after so long (ms) without a sign the listener starts anew, and closing is given up.
 */
const SILENCE_LIMIT_MS = 10_000;
const CLOSE_LIMIT_MS = 3_000;

/**
 * Invokes a function with the events of a hub: per partition one batch at a time, then its checkpoint, whether the last try
 * succeeded or not. No checkpoint when the host stops or the partition was lost, so that the batch comes again.
 * @throws {Error} when a setting is missing or the binding is wrong.
 */
export function eventHubListener(
  target: RegisteredFunction,
  bindingName: string,
  trigger: Binding,
  host: TriggerHost,
): TriggerListener {
  return new EventHubListener(target, eventHubBinding(bindingName, trigger, host.settings), host);
}

class EventHubListener implements TriggerListener {
  readonly #target: RegisteredFunction;
  readonly #binding: EventHubBinding;
  readonly #host: TriggerHost;
  readonly #stopping = new AbortController();
  readonly #workers = new Map<string, PartitionWorker>();
  readonly #silence = new Silence();
  #running = Promise.resolve();
  #away = false;

  constructor(target: RegisteredFunction, binding: EventHubBinding, host: TriggerHost) {
    this.#target = target;
    this.#binding = binding;
    this.#host = host;
  }

  start(): void {
    this.#running = this.#listen();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #listen(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#consume().catch((error: unknown) => {
        if (!this.#away) this.#warn('The listener tries to start anew until it can', error);
        this.#away = true;
      });
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends when the host stops; fails when the connection does, for the SDK's load balancing waits 30 s after each failure. */
  async #consume(): Promise<void> {
    const { signal } = this.#stopping;
    const consumer = await createConsumer(this.#binding, this.#host.eventHubs);
    try {
      await consumer.getPartitionIds({ abortSignal: signal }); // fails soon when Event Hubs are away
      const ended = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => ended.resolve(), { once: true });
      const subscription = this.#subscribe(consumer, ended.reject);
      const stopWatching = this.#silence.watch(SILENCE_LIMIT_MS, () => {
        ended.reject(new Error('Event Hubs have not given a sign for too long.'));
      });
      this.#away = false;
      await ended.promise.finally(async () => {
        stopWatching();
        // Closing gives the partitions to other hosts, which would process the batch in hand at the same time.
        if (signal.aborted) await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
        await within(CLOSE_LIMIT_MS, subscription.close());
      });
    } finally {
      await within(CLOSE_LIMIT_MS, consumer.close());
    }
  }

  #subscribe(consumer: EventHubConsumerClient, fail: (error: Error) => void): Subscription {
    const { initialOffset, maxEventBatchSize, prefetchCount } = this.#host.eventHubs;
    return consumer.subscribe(
      {
        processInitialize: async (context) => {
          this.#workers.set(context.partitionId, this.#createWorker(context));
        },
        processEvents: (events, context) =>
          this.#silence.during(() => this.#workers.get(context.partitionId)?.receive(events)),
        processError: async (error) => {
          // Another host takes its share of the partitions: no fault.
          if (!('code' in error && error.code === 'ReceiverDisconnectedError')) fail(error);
        },
        processClose: async (_reason, { partitionId }) => this.#workers.get(partitionId)?.close(),
      },
      {
        maxBatchSize: maxEventBatchSize,
        maxWaitTimeInSeconds: MAX_WAIT_SECONDS,
        prefetchCount: Math.max(prefetchCount, maxEventBatchSize),
        startPosition: initialOffset === 'fromStart' ? earliestEventPosition : latestEventPosition,
        skipParsingBodyAsJson: true,
      },
    );
  }

  #createWorker(context: PartitionContext): PartitionWorker {
    const settings = this.#host.eventHubs;
    return new PartitionWorker({
      maxBatch: settings.maxEventBatchSize,
      minBatch: this.#binding.cardinality === 'many' ? settings.minEventBatchSize : 1,
      maxWaitMs: settings.maxWaitTimeMs,
      checkpointFrequency: settings.batchCheckpointFrequency,
      stopping: this.#stopping.signal,
      process: (events) => this.#process(events, context),
      checkpoint: (last) =>
        context.updateCheckpoint(last).catch((error: unknown) => {
          this.#warn(`No checkpoint for partition '${context.partitionId}'`, error);
        }),
      after: this.#workers.get(context.partitionId)?.idle() ?? Promise.resolve(),
    });
  }

  async #process(events: readonly ReceivedEventData[], context: PartitionContext): Promise<void> {
    const inputs = this.#binding.cardinality === 'many' ? [events] : events.map((event) => [event]);
    for (const input of inputs) {
      if (this.#stopping.signal.aborted) return;
      await invokeWithRetries(this.#target.metadata.retryOptions, this.#stopping.signal, (retryContext) =>
        this.#host.invoker.invoke(this.#target, () => eventHubRequest(this.#binding, context, input, retryContext)),
      );
    }
  }

  #warn(what: string, error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const reason = String(error instanceof AggregateError ? error.errors.at(-1) : error);
    const entry = { source: this.#target.metadata.name, category: 'Host.EventHubs', message: `${what}: ${reason}` };
    this.#host.log('warning', entry);
  }
}

/** Resolves when the work has ended, or the time (ms) is over. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(limitMs, undefined, { ref: false })]);
}
