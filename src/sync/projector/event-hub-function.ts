import type { InvocationContext } from '@azure/functions';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import type { SyncApp } from '../app.ts';
import { stallsOf } from '../lag/stalls.ts';
import { TransientFault } from './bulk.ts';
import { type EnqueuedEvent, type EventProperties, partitionOf, receiveBatch } from './receive-batch.ts';

/**
 * The trigger writes its checkpoint once the retries are used up, failed or not, so they never are: the partition waits until
 * the fault has passed.
 */
const RETRY_FOREVER = {
  strategy: 'exponentialBackoff' as const,
  maxRetryCount: -1,
  minimumInterval: { seconds: 1 },
  maximumInterval: { seconds: 30 },
};

interface EventHubConsumer {
  readonly name: string;
  /** How metrics, logs and GET /admin/lag name the consumer: a read model, `push` or `webhooks`. */
  readonly consumer: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  /** How a partition is named there; by default as the hub names it. */
  readonly partitionName?: (partitionId: string) => string;
  /** Events that are not wanted are left out without being read. */
  readonly isWanted?: (properties: EventProperties) => boolean;
  /** Processes a batch. Rejects when the batch must come again. */
  readonly handle: (events: readonly EnqueuedEvent[], context: InvocationContext) => Promise<void>;
}

/** An Event Hub-triggered function. A batch that fails is retried forever, and never in silence: see `stallsOf`. */
export function eventHubFunction(
  app: Pick<SyncApp, 'writeDatabase' | 'runtime'>,
  { name, consumer, eventHubName, consumerGroup, partitionName = (id) => id, isWanted, handle }: EventHubConsumer,
): EventHubFunction {
  const stalls = stallsOf(app, consumer);
  const handler = async (bodies: unknown, context: InvocationContext) => {
    const partition = partitionName(partitionOf(context) ?? 'unknown');
    try {
      await handle(receiveBatch(bodies, context, isWanted), context);
    } catch (error) {
      await stalls.failed(partition, error, context);
      throw withoutStack(error);
    }
    await stalls.succeeded(partition, context);
  };
  return {
    trigger: 'eventHub',
    name,
    options: {
      connection: 'EventHubConnection',
      eventHubName,
      consumerGroup,
      cardinality: 'many',
      // Bytes, which we parse ourselves: the host would fail a whole batch for one event that is not JSON.
      dataType: 'binary',
      retry: RETRY_FOREVER,
      handler,
    },
  };
}

/**
 * The host logs what a function throws, with its stack and causes. A transient fault is retried and says enough in one line; the stack
 * of any other error leads to a defect.
 */
export function withoutStack(error: unknown): unknown {
  if (!(error instanceof TransientFault)) return error;
  const brief = new Error(`${error.name}: ${error.message}`);
  brief.stack = brief.message;
  return brief;
}
