import { isUtf8 } from 'node:buffer';
import { app, type InvocationContext } from '@azure/functions';
import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { type ConsumerGroup, ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import { DEAD_LETTERS } from '../../shared/read-models/containers.ts';
import { syncLag } from '../../shared/telemetry/metrics.ts';
import { recordSpan } from '../../shared/telemetry/tracing.ts';
import { runtime } from '../app.ts';
import { cosmosDeadLetters } from '../dead-letters/dead-letters.ts';
import type { ProjectEvents } from '../dead-letters/redrive.ts';
import { LagWindow } from '../lag/lag-window.ts';
import { tellCommands } from '../lag/report-lag.ts';
import type { Projection } from '../projections/projection.ts';
import { ALL_READ_MODELS, isReplayOf } from '../replay/replay.ts';
import { cosmosDocumentStore } from './document-store.ts';
import { projectBatch, projectEvents, type ReceivedEvent } from './projector.ts';

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

const projections = new Map<string, ProjectEvents>();

/** How events of a read model are projected, for redriving; undefined when there is no such read model. */
export function projectionOf(readModel: string): ProjectEvents | undefined {
  return projections.get(readModel);
}

/**
 * Registers the two Event Hub-triggered functions that keep one read model: `project…` takes events as they happen, `replay…` those
 * of replays, so that neither waits for the other.
 */
export function registerProjection<Document>(
  functionName: `project${string}`,
  consumerGroup: ConsumerGroup,
  projection: Projection<Document>,
): void {
  const { name: readModel } = projection.container;
  const now = () => new Date();
  const dependencies = () => {
    const { database, customerKeys } = runtime();
    return { documents: cosmosDocumentStore<Document>(database.container(readModel), now), customerKeys };
  };
  const deadLetters = () => cosmosDeadLetters(runtime().database.container(DEAD_LETTERS.name), now);
  const project = (events: readonly ReceivedEvent[]) =>
    projectBatch(events, projection, { ...dependencies(), deadLetters: deadLetters() });
  const window = new LagWindow();
  projections.set(readModel, (received) => projectEvents(received, projection, dependencies()));

  app.eventHub(functionName, {
    ...trigger(ORDER_EVENTS_HUB, consumerGroup),
    handler: async (bodies: unknown, context: InvocationContext) => {
      const startedAt = now();
      const received = receive(bodies, context);
      const projected = await project(received);
      for (const { timestamp } of projected)
        syncLag.record(Date.now() - Date.parse(timestamp), { read_model: readModel });
      // Since the hub has them: an old event that is published again says nothing of how long the next one takes
      const lagMs = window.add(
        received.map(({ enqueuedAt }) => Date.now() - enqueuedAt.getTime()),
        Date.now(),
      );
      // Not waited for: what commands tell their clients is nothing that a batch may be late for
      if (lagMs !== undefined) void tellCommands({ readModel, measure: 'projected', lagMs }, context);
      for (const { traceparent, eventType } of projected) {
        const attributes = { 'cqrs.read_model': readModel, 'cqrs.event': eventType };
        recordSpan({ name: `project ${readModel}`, kind: SpanKind.CONSUMER, traceparent, attributes }, startedAt);
      }
    },
  });
  app.eventHub(functionName.replace('project', 'replay'), {
    ...trigger(ORDER_EVENTS_REPLAY_HUB, consumerGroup),
    handler: async (bodies: unknown, context: InvocationContext) => {
      await project(receive(bodies, context, (properties) => isReplayOf(properties.readModel, readModel)));
    },
  });
}

const trigger = (eventHubName: string, consumerGroup: ConsumerGroup) => ({
  connection: 'EventHubConnection',
  eventHubName,
  consumerGroup,
  cardinality: 'many' as const,
  // Bytes, which we parse ourselves: the host would fail a whole batch for one event that is not JSON.
  dataType: 'binary',
  retry: RETRY_FOREVER,
});

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
