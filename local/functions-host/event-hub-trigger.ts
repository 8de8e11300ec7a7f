import { setTimeout as sleep } from 'node:timers/promises';
import type { EventHubConsumerClient, PartitionContext, ReceivedEventData, Subscription } from '@azure/event-hubs';
import type { RegisteredFunction } from './app-registry.ts';
import { earliestEventPosition, latestEventPosition } from './azure-sdks.ts';
import type { Binding } from './core-types.ts';
import { type EventHubBinding, eventHubBinding } from './event-hub-binding.ts';
import { createConsumer } from './event-hub-consumer.ts';
import { eventHubRequest } from './event-hub-input.ts';
import type { TriggerHost, TriggerListener } from './listener.ts';
import { PartitionWorker } from './partition-worker.ts';
import { invokeWithRetries } from './retry-policy.ts';
import { Watchdog } from './watchdog.ts';
import { within } from './within.ts';

/** Delay before the listener restarts after a failure, such as Event Hubs or Storage being unavailable. */
const RESTART_MS = 1_000;
/** How often the SDK delivers an empty batch while there are no events. It does not delay events. */
const MAX_WAIT_SECONDS = 60;
/**
 * If the connection drops while the SDK lists partitions or closes, the SDK waits for a reply forever. The listener therefore restarts
 * when it loses the connection or gets no batch for this long (ms), and waits for a close for at most CLOSE_LIMIT_MS.
 */
const INACTIVITY_LIMIT_MS = 150_000;
const CLOSE_LIMIT_MS = 3_000;

/**
 * Invokes a function with the events of a hub, one batch at a time per partition. Writes the checkpoint after each batch, even
 * if the last attempt failed. Writes no checkpoint when the host stops or the partition was lost, so the batch is delivered
 * again.
 * @throws {Error} when a setting is missing or the binding is invalid.
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
  readonly #watchdog = new Watchdog();
  #running = Promise.resolve();
  #unavailable = false;

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
        if (!this.#unavailable) this.#warn('The listener failed and retries until it can start', error);
        this.#unavailable = true;
      });
      await sleep(RESTART_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Ends when the host stops. Fails when the connection fails, because the SDK's load balancing waits 30 s after a failure. */
  async #consume(): Promise<void> {
    const { signal } = this.#stopping;
    const consumer = await createConsumer(this.#binding, this.#host.eventHubs, signal);
    const ended = Promise.withResolvers<void>();
    ended.promise.catch(() => undefined); // awaited below
    signal.addEventListener('abort', () => ended.resolve(), { once: true });
    const hub = `${this.#binding.connectionString} ${consumer.eventHubName}`;
    const { connections } = this.#host;
    const lost = () => ended.reject(new Error('The connection to Event Hubs was lost.'));
    const unshare = connections.share(hub, consumer, lost);
    const dropConnection = () => within(CLOSE_LIMIT_MS, connections.drop(hub, consumer));
    await requirePartitions(consumer, ended.promise, signal).catch(async (error: unknown) => {
      if (!signal.aborted) await dropConnection();
      throw error;
    });
    if (signal.aborted) return;
    const subscription = this.#subscribe(consumer, ended.reject);
    const stopWatching = this.#watchdog.watch(INACTIVITY_LIMIT_MS, () => {
      ended.reject(new Error(`Event Hubs delivered nothing for ${INACTIVITY_LIMIT_MS / 1000} s.`));
      void dropConnection();
    });
    this.#unavailable = false;
    await ended.promise.finally(async () => {
      stopWatching();
      unshare();
      // Closing releases the partitions to other hosts, which would process the current batch concurrently.
      if (signal.aborted) await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
      await within(CLOSE_LIMIT_MS, subscription.close());
    });
  }

  #subscribe(consumer: EventHubConsumerClient, fail: (error: Error) => void): Subscription {
    const { initialOffset, maxEventBatchSize, prefetchCount } = this.#host.eventHubs;
    return consumer.subscribe(
      {
        processInitialize: async (context) => {
          this.#workers.set(context.partitionId, this.#createWorker(context));
        },
        processEvents: (events, context) =>
          this.#watchdog.during(() => this.#workers.get(context.partitionId)?.receive(events)),
        processError: async (error) => {
          // Another host claimed its share of the partitions: expected, not a failure.
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
          this.#warn(`The checkpoint of partition '${context.partitionId}' was not written`, error);
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

/** Lists the partitions, which fails fast when Event Hubs is unavailable. Ends when `ended` does. */
async function requirePartitions(
  consumer: EventHubConsumerClient,
  ended: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const attempt = new AbortController();
  const abortSignal = AbortSignal.any([signal, attempt.signal]);
  try {
    await Promise.race([consumer.getPartitionIds({ abortSignal }), ended]);
  } finally {
    attempt.abort(); // After a lost connection, the SDK would open another one for its next attempt.
  }
}
