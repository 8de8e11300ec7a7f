import { SpanKind } from '@opentelemetry/api';
import * as z from 'zod';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_HUB } from '../../shared/event-hubs/hub.ts';
import type { SendOutcome } from '../../shared/event-hubs/partition-sender.ts';
import { versionAttributes } from '../../shared/telemetry/event-attributes.ts';
import { publishAttributes } from '../../shared/telemetry/messaging-attributes.ts';
import { describe, withSpans } from '../../shared/telemetry/tracing.ts';
import type { OutboxEvent } from '../write-store/outbox.ts';

/** The part of a stored event that its span needs. */
const head = z.object({ eventType: z.string(), traceparent: z.string().optional() });

/**
 * Sends an event in a producer span in the trace of its command, whether it is sent right after the commit or by the relay after a
 * failure. The stored event has the span of its command.
 */
export function sendTraced(publisher: Pick<EventPublisher, 'send'>, event: OutboxEvent): Promise<SendOutcome> {
  const settings = () => {
    const { eventType, traceparent } = head.parse(JSON.parse(event.body));
    const attributes = () => ({
      ...publishAttributes(ORDER_EVENTS_HUB),
      ...versionAttributes(event),
      'messaging.message.id': event.eventId,
      'cqrs.event_type': eventType,
    });
    return [{ name: `publish ${ORDER_EVENTS_HUB}`, kind: SpanKind.PRODUCER, parent: { traceparent }, attributes }];
  };
  return withSpans(settings, async ([span]) => {
    const outcome = await publisher.send(event);
    if (span !== undefined && outcome !== 'sent') describe(span, { 'error.type': outcome });
    return outcome;
  });
}
