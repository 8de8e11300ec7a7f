import { isUtf8 } from 'node:buffer';
import { app, type InvocationContext } from '@azure/functions';
import { SpanKind } from '@opentelemetry/api';
import { z } from 'zod';
import { type ConsumerGroup, ORDER_EVENTS_HUB } from '../shared/events/hub.ts';
import { DEAD_LETTERS } from '../shared/read-models/containers.ts';
import { syncLag } from '../shared/telemetry/metrics.ts';
import { recordSpan } from '../shared/telemetry/tracing.ts';
import { cosmosDeadLetters } from './dead-letters.ts';
import { cosmosDocumentStore } from './document-store.ts';
import type { Projection } from './projection.ts';
import { projectBatch, projectEvents, type ReceivedEvent } from './projector.ts';
import type { ProjectEvents } from './redrive.ts';
import { runtime } from './runtime.ts';

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

/** Registers the Event Hub-triggered function that keeps one read model. */
export function registerProjection<Document>(
  functionName: string,
  consumerGroup: ConsumerGroup,
  projection: Projection<Document>,
): void {
  const { name: readModel } = projection.container;
  const documents = () => cosmosDocumentStore<Document>(runtime().database.container(readModel), () => new Date());
  projections.set(readModel, (received) => projectEvents(received, projection, documents()));
  const options = {
    connection: 'EventHubConnection',
    eventHubName: ORDER_EVENTS_HUB,
    consumerGroup,
    cardinality: 'many' as const,
    // Bytes, which we parse ourselves: the host would fail a whole batch for one event that is not JSON.
    dataType: 'binary',
    retry: RETRY_FOREVER,
    handler: async (bodies: unknown, context: InvocationContext) => {
      const startedAt = new Date();
      const deadLetters = cosmosDeadLetters(runtime().database.container(DEAD_LETTERS.name), () => new Date());
      const events = await projectBatch(receive(bodies, context), projection, { documents: documents(), deadLetters });
      for (const { timestamp, traceparent, eventType } of events) {
        syncLag.record(Date.now() - Date.parse(timestamp), { read_model: readModel });
        const attributes = { 'cqrs.read_model': readModel, 'cqrs.event': eventType };
        recordSpan({ name: `project ${readModel}`, kind: SpanKind.CONSUMER, traceparent, attributes }, startedAt);
      }
    },
  };
  app.eventHub(functionName, options);
}

const metadata = z.object({
  partitionContext: z.object({ partitionId: z.string() }),
  sequenceNumberArray: z.array(z.number()),
});

/** The batch with the place of each event, from the trigger's metadata. */
function receive(bodies: unknown, { triggerMetadata }: InvocationContext): readonly ReceivedEvent[] {
  const { partitionContext, sequenceNumberArray } = metadata.parse(triggerMetadata);
  return z
    .array(z.instanceof(Buffer))
    .parse(bodies)
    .map((bytes, index) => {
      const sequenceNumber = sequenceNumberArray[index];
      if (sequenceNumber === undefined) throw new Error('The trigger names fewer sequence numbers than events.');
      return { body: toText(bytes), partitionId: partitionContext.partitionId, sequenceNumber };
    });
}

/** What is no text is kept as a data URL (RFC 2397), so that a dead letter loses no byte of it. */
function toText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : `data:;base64,${bytes.toString('base64')}`;
}
