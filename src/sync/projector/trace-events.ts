import { type Attributes, SpanKind } from '@opentelemetry/api';
import { ORDER_EVENTS_HUB } from '../../shared/event-hubs/hub.ts';
import type { EventEnvelope } from '../../shared/events/envelope.ts';
import { eventAttributes } from '../../shared/telemetry/event-attributes.ts';
import { describe, type SpanSettings, withSpans } from '../../shared/telemetry/tracing.ts';
import type { PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { DecodedEvent } from './group.ts';

/** What the spans of a consumer of the hub describe. */
export interface ConsumerSpans {
  /** What the consumer does with an event. */
  readonly operation: 'project' | 'push';
  /** The read model; `push` for the consumer that pushes changes, as in metrics. */
  readonly readModel: string;
  /** The hub that the events come from; undefined for dead letters. */
  readonly hub: string | undefined;
  /** Whether the consumer does anything for an event. */
  readonly concerns: (event: EventEnvelope) => boolean;
}

/**
 * Handles a batch in a span for each live event, in the trace of the event's command. A batch often has events of several traces, and its
 * requests serve all of them, so each trace shows them: one trace has everything that happened to an order. The events of a replay, and
 * dead letters, have one span for the batch in the active trace, with links to the traces of their commands.
 * @param handle returns the poison events, whose spans are marked as failed
 */
export function traceEvents(
  events: readonly DecodedEvent[],
  spans: ConsumerSpans,
  handle: () => Promise<readonly PoisonEvent[]>,
): Promise<readonly PoisonEvent[]> {
  const traced: DecodedEvent[] = [];
  const settings = (): readonly SpanSettings[] => {
    traced.push(...events.filter(({ event }) => spans.concerns(event)));
    if (spans.hub === ORDER_EVENTS_HUB) return traced.map((event) => ofEvent(event, traced.length, spans));
    return traced.length === 0 ? [] : [ofBatch(traced, spans)];
  };
  return withSpans(settings, async (started) => {
    const poison = await handle();
    const failed = new Set(poison.map(({ sequenceNumber }) => sequenceNumber));
    for (const [index, span] of started.entries()) {
      const sequenceNumber = traced[index]?.sequenceNumber;
      if (sequenceNumber !== undefined && failed.has(sequenceNumber)) describe(span, { 'error.type': 'poison-event' });
    }
    return poison;
  });
}

function ofEvent({ event, partitionId }: DecodedEvent, batchSize: number, spans: ConsumerSpans): SpanSettings {
  const attributes = () => ({
    ...consumerAttributes(spans, batchSize),
    'messaging.destination.partition.id': partitionId,
    'messaging.message.id': event.eventId,
    ...eventAttributes(event),
  });
  const { traceparent } = event;
  return { name: nameOf(spans), kind: SpanKind.CONSUMER, parent: { traceparent }, attributes };
}

function ofBatch(events: readonly DecodedEvent[], spans: ConsumerSpans): SpanSettings {
  const linksTo = [...new Set(events.map(({ event }) => event.traceparent))];
  const attributes = () => consumerAttributes(spans, events.length);
  return { name: nameOf(spans), kind: SpanKind.CONSUMER, linksTo, attributes };
}

const nameOf = ({ operation, readModel }: ConsumerSpans): string =>
  operation === readModel ? `${operation} changes` : `${operation} ${readModel}`;

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function consumerAttributes({ operation, readModel, hub }: ConsumerSpans, batchSize: number): Attributes {
  return {
    'cqrs.read_model': readModel,
    'messaging.operation.name': operation,
    'messaging.operation.type': 'process',
    'messaging.batch.message_count': batchSize,
    ...(hub !== undefined && { 'messaging.system': 'eventhubs', 'messaging.destination.name': hub }),
  };
}
