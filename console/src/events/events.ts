import type { components, paths } from 'cqrs-orders-client';

/** An event as it is stored: personal data encrypted, money in minor units. */
export type StoredEvent = components['schemas']['StoredEvent'];

export type EventType = NonNullable<NonNullable<paths['/admin/events']['get']['parameters']['query']>['eventType']>;

/** Which events are meant: those that match every field. Empty fields match all. */
export interface EventFilter {
  readonly aggregateId: string;
  readonly eventType: EventType | '';
  readonly correlationId: string;
}

export const ALL_EVENTS: EventFilter = { aggregateId: '', eventType: '', correlationId: '' };

export interface EventPage {
  readonly items: readonly StoredEvent[];
  readonly continuationToken?: string;
}
