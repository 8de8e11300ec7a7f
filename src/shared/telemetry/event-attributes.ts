import type { Attributes } from '@opentelemetry/api';
import type { EventEnvelope } from '../events/envelope.ts';

interface Version extends Pick<EventEnvelope, 'aggregateId' | 'version'> {
  readonly aggregateType: string;
}
type DescribedEvent = Version & Pick<EventEnvelope, 'eventType' | 'correlationId'>;

/** How spans describe a version of an aggregate. */
export function versionAttributes({ aggregateType, aggregateId, version }: Version): Attributes {
  return { 'cqrs.aggregate_type': aggregateType, 'cqrs.aggregate_id': aggregateId, 'cqrs.version': version };
}

/** How spans describe an event: what it is and which version it made, without its data. */
export function eventAttributes({ eventType, correlationId, ...version }: DescribedEvent): Attributes {
  return { ...versionAttributes(version), 'cqrs.event_type': eventType, 'cqrs.correlation_id': correlationId };
}
