import * as z from 'zod';
import { encryptedPersonalData } from '../personal-data/encrypted-data.ts';
import { nonPersonal, type PersonalFields, personal, personalFieldsOf } from '../personal-data/personal-fields.ts';
import { customerEvents, publishedCustomer } from './customer-events.ts';
import type { EventDataOf, EventDefinition, EventOf, Upcaster } from './event-definition.ts';
import { orderEvents, publishedOrder } from './order-events.ts';
import { productEvents, publishedProduct } from './product-events.ts';

/** Every event type, by name. */
export const EVENTS = { ...orderEvents, ...customerEvents, ...productEvents };
export type EventType = keyof typeof EVENTS;

/** True for the name of an event type that this version knows. */
export function isEventType(name: string): name is EventType {
  return Object.hasOwn(EVENTS, name);
}

interface AggregateEvents {
  readonly events: Readonly<Record<string, EventDefinition>>;
  /** The aggregate after each event (event-carried state transfer), under the name that it has in events. */
  readonly state: Readonly<Record<string, z.ZodType>>;
  /** Whom the events are about. The personal data in an event is encrypted with the key of the customer (`customerOfEvent`). */
  readonly about: 'customer' | 'nobody';
}

/** Every aggregate. */
const AGGREGATES = {
  Order: { events: orderEvents, state: { order: publishedOrder }, about: 'customer' },
  Customer: { events: customerEvents, state: { customer: publishedCustomer }, about: 'customer' },
  Product: { events: productEvents, state: { product: publishedProduct }, about: 'nobody' },
} as const satisfies Record<string, AggregateEvents>;
export type AggregateType = keyof typeof AGGREGATES;

const isAggregateType = (name: string): name is AggregateType => Object.hasOwn(AGGREGATES, name);
export const AGGREGATE_TYPES: readonly AggregateType[] = Object.keys(AGGREGATES).filter(isAggregateType);

/** Text that a client chooses to describe its request. It can identify the person whom the event is about. */
const clientText = personal(z.string());

const head = {
  eventId: nonPersonal(z.uuid()),
  aggregateId: nonPersonal(z.string().min(1)),
  version: z.int().positive().describe('Version of the aggregate after the event: 1, 2, … without gaps.'),
  timestamp: nonPersonal(z.iso.datetime()).describe('When the command was handled, ISO 8601 UTC.'),
  correlationId: clientText,
  causationId: nonPersonal(z.string()).describe('Id of the command that caused the event, unique across callers.'),
  traceparent: nonPersonal(z.string())
    .describe("W3C trace context of the command, so that the projection's span joins its trace.")
    .optional(),
  metadata: z.strictObject({ userId: nonPersonal(z.string()), source: clientText }),
  personal: nonPersonal(encryptedPersonalData).optional(),
};

/** The fields that the command pipeline adds to every event. */
export type EventHead = z.output<z.ZodObject<typeof head, z.core.$strict>>;

/** An event of an aggregate: what changed, and the whole aggregate after it. */
type ContentOf<Type extends AggregateType> = EventOf<EventDataOf<(typeof AGGREGATES)[Type]['events']>> & {
  readonly schemaVersion: number;
  readonly aggregateType: Type;
} & StateOf<(typeof AGGREGATES)[Type]['state']>;
type StateOf<State extends AggregateEvents['state']> = { readonly [Name in keyof State]: z.output<State[Name]> };

/** An event as an aggregate's handler creates it. */
export type EventContent = { [Type in AggregateType]: ContentOf<Type> }[AggregateType];

/** An event of an aggregate as it is stored, published and projected. */
export type EnvelopeOf<Type extends AggregateType> = EventHead & ContentOf<Type>;
export type OrderEventEnvelope = EnvelopeOf<'Order'>;
export type CustomerEventEnvelope = EnvelopeOf<'Customer'>;
export type ProductEventEnvelope = EnvelopeOf<'Product'>;
export type EventEnvelope = EventHead & EventContent;

/** The contract of one event type in its current version. */
export interface EventContract {
  readonly version: number;
  /** The closed schema of the whole event. */
  readonly schema: z.ZodObject;
  /** The part of it that is the aggregate after the event. */
  readonly state: AggregateEvents['state'];
  /** The same schema with a precise type: TypeScript cannot infer from a table which data belong to which event type. */
  readonly parser: z.ZodType<EventEnvelope>;
  readonly upcasters: readonly Upcaster[];
  /** The fields to encrypt; undefined in an event that is about nobody. */
  readonly personal: PersonalFields | undefined;
}

function contractsOf(
  aggregateType: string,
  { events, state, about }: AggregateEvents,
): readonly (readonly [eventType: string, contract: EventContract])[] {
  return Object.entries(events).map(([eventType, { version, data, upcasters = [] }]) => {
    const schema = z.strictObject({
      ...head,
      eventType: z.literal(eventType),
      schemaVersion: z.literal(version),
      aggregateType: z.literal(aggregateType),
      data,
      ...state,
    });
    const parser = schema.pipe(z.custom<EventEnvelope>());
    const personal = about === 'nobody' ? undefined : personalFieldsOf(schema);
    return [eventType, { version, schema, state, parser, upcasters, personal }];
  });
}

/** The contract of every event type. */
export const EVENT_CONTRACTS: ReadonlyMap<string, EventContract> = new Map(
  Object.entries(AGGREGATES).flatMap(([aggregateType, aggregate]) => contractsOf(aggregateType, aggregate)),
);

/** The personal fields of an event type; undefined when it has none. */
export function personalFieldsOfEvent(eventType: EventType): PersonalFields | undefined {
  return EVENT_CONTRACTS.get(eventType)?.personal;
}
