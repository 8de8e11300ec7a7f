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

const RESTART_MS = 2_000;
/** After a dropped connection the SDK first lets this time run out, then it connects again. It does not delay events. */
const MAX_WAIT_SECONDS = 1;

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
  #starting = Promise.resolve();
  #consumer: EventHubConsumerClient | undefined;
  #subscription: Subscription | undefined;

  constructor(target: RegisteredFunction, binding: EventHubBinding, host: TriggerHost) {
    this.#target = target;
    this.#binding = binding;
    this.#host = host;
  }

  start(): void {
    this.#starting = this.#startUntilStopped();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#starting;
    await Promise.all([...this.#workers.values()].map((worker) => worker.idle()));
    // Only now: closing gives the partitions to other hosts, which would process the batch in hand at the same time.
    await this.#subscription?.close();
    await this.#consumer?.close();
  }

  /** Storage may not be there yet: the real host, too, tries again when a listener cannot start. */
  async #startUntilStopped(): Promise<void> {
    while (!this.#stopping.signal.aborted && this.#subscription === undefined) {
      try {
        this.#consumer = await createConsumer(this.#binding, this.#host.eventHubs);
        this.#subscription = this.#subscribe(this.#consumer);
      } catch (error) {
        this.#warn(`The listener for function '${this.#target.metadata.name}' was unable to start`, error);
        await sleep(RESTART_MS, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  #subscribe(consumer: EventHubConsumerClient): Subscription {
    const { initialOffset, maxEventBatchSize, prefetchCount } = this.#host.eventHubs;
    return consumer.subscribe(
      {
        processInitialize: async (context) => {
          this.#workers.set(context.partitionId, this.#createWorker(context));
        },
        processEvents: async (events, context) => this.#workers.get(context.partitionId)?.receive(events),
        processError: async (error, { partitionId }) => this.#warn(`Partition '${partitionId}'`, error),
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
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const entry = { source: this.#target.metadata.name, category: 'Host.EventHubs', message: `${what}: ${reason}` };
    this.#host.log('warning', entry);
  }
}
