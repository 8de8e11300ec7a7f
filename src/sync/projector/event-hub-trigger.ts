import { isUtf8 } from 'node:buffer';
import type { EventHubFunctionOptions, InvocationContext } from '@azure/functions';
import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { type ConsumerGroup, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import type { EventHubFunction } from '../../shared/functions/app-function.ts';
import { syncLag } from '../../shared/telemetry/metrics.ts';
import { recordSpan } from '../../shared/telemetry/tracing.ts';
import type { SyncApp } from '../app.ts';
import { LagWindow } from '../lag/lag-window.ts';
import { reportLag } from '../lag/report-lag.ts';
import type { ReadModelProjection } from '../projections/projections.ts';
import { ALL_READ_MODELS, isReplayOf } from '../replay/replay.ts';
import type { ReceivedEvent } from './projector.ts';
import { projectorOf } from './projector-of.ts';

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

/**
 * The two Event Hub-triggered functions that keep one read model up to date: `project…` takes live events, `replay…` those of
 * replays, so that neither waits for the other.
 */
export function projectionFunctions(
  app: SyncApp,
  { consumerGroup, projection }: ReadModelProjection,
): readonly EventHubFunction[] {
  const { name: readModel } = projection.container;
  const { projectBatch } = projectorOf(app, projection);
  const window = new LagWindow();
  const live = async (bodies: unknown, context: InvocationContext) => {
    const startedAt = new Date();
    const received = receive(bodies, context);
    const projected = await projectBatch(received);
    for (const { timestamp } of projected) {
      syncLag.record(Date.now() - Date.parse(timestamp), { read_model: readModel });
    }
    // Measured from when the hub took the events: an old event that is published again says nothing about the next one.
    const lagMs = window.add(
      received.map(({ enqueuedAt }) => Date.now() - enqueuedAt.getTime()),
      Date.now(),
    );
    // Not awaited: no batch should be late because of a report.
    if (lagMs !== undefined) void reportLag(app, { readModel, measure: 'projected', lagMs }, context);
    for (const { traceparent, eventType } of projected) {
      const attributes = { 'cqrs.read_model': readModel, 'cqrs.event': eventType };
      recordSpan({ name: `project ${readModel}`, kind: SpanKind.CONSUMER, traceparent, attributes }, startedAt);
    }
  };
  const replayed = async (bodies: unknown, context: InvocationContext) => {
    await projectBatch(receive(bodies, context, (properties) => isReplayOf(properties.readModel, readModel)));
  };
  const name = pascalCase(consumerGroup);
  return [
    eventHubFunction(`project${name}`, { eventHubName: ORDER_EVENTS_HUB, consumerGroup, handler: live }),
    eventHubFunction(`replay${name}`, { eventHubName: ORDER_EVENTS_REPLAY_HUB, consumerGroup, handler: replayed }),
  ];
}

function eventHubFunction(
  name: string,
  options: Pick<EventHubFunctionOptions, 'eventHubName' | 'consumerGroup' | 'handler'>,
): EventHubFunction {
  return {
    trigger: 'eventHub',
    name,
    options: {
      ...options,
      connection: 'EventHubConnection',
      cardinality: 'many',
      // Bytes, which we parse ourselves: the host would fail a whole batch for one event that is not JSON.
      dataType: 'binary',
      retry: RETRY_FOREVER,
    },
  };
}

/** `OrderDetails` for `order-details`. */
function pascalCase(consumerGroup: ConsumerGroup): string {
  return consumerGroup.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** Application properties that a replay gives its events; others have none. What strangers mean by them fails no batch. */
const properties = z.object({ readModel: z.string().catch(ALL_READ_MODELS) });

/**
 * The trigger's metadata: https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger#event-metadata
 * (of a batch, each name ends in Array).
 */
const metadata = z.object({
  partitionContext: z.object({ partitionId: z.string() }),
  sequenceNumberArray: z.array(z.number()),
  enqueuedTimeUtcArray: z.array(z.coerce.date()),
  propertiesArray: z.array(properties),
});

interface EnqueuedEvent extends ReceivedEvent {
  /** When the hub took it. */
  readonly enqueuedAt: Date;
}

/** The batch with the place and time of each event, without those that are not wanted: they are not read. */
function receive(
  bodies: unknown,
  { triggerMetadata }: InvocationContext,
  isWanted: (of: z.output<typeof properties>) => boolean = () => true,
): readonly EnqueuedEvent[] {
  const { partitionContext, ...arrays } = metadata.parse(triggerMetadata);
  const { partitionId } = partitionContext;
  return z
    .array(z.instanceof(Buffer))
    .parse(bodies)
    .flatMap((bytes, index) => {
      const sequenceNumber = arrays.sequenceNumberArray[index];
      const enqueuedAt = arrays.enqueuedTimeUtcArray[index];
      const of = arrays.propertiesArray[index];
      if (sequenceNumber === undefined || enqueuedAt === undefined || of === undefined)
        throw new Error('The trigger describes fewer events than there are.');
      return isWanted(of) ? [{ body: toText(bytes), partitionId, sequenceNumber, enqueuedAt }] : [];
    });
}

/** What is no text is kept as a data URL (RFC 2397), so that a dead letter loses no byte of it. */
function toText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : `data:;base64,${bytes.toString('base64')}`;
}
