import { z } from 'zod';
import { encryptedPersonalData } from '../personal-data/encrypted-data.ts';
import { nonPersonal, type PersonalFields, personal, personalFieldsOf } from '../personal-data/personal-fields.ts';
import { type CustomerEvent, customerEvents, type PublishedCustomer, publishedCustomer } from './customer-events.ts';
import type { EventDefinition, Upcaster } from './event-definition.ts';
import { type OrderEvent, orderEvents, type PublishedOrder, publishedOrder } from './order-events.ts';
import { type ProductEvent, type PublishedProduct, productEvents, publishedProduct } from './product-events.ts';

/** Every event type, by name. */
export const EVENTS = { ...orderEvents, ...customerEvents, ...productEvents };
export type EventType = keyof typeof EVENTS;

/** True for the name of an event type that this version knows. */
export function isEventType(name: string): name is EventType {
  return Object.hasOwn(EVENTS, name);
}

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

/** An event of an order: what changed, and the whole order after it. */
export type OrderEventContent = OrderEvent & {
  readonly schemaVersion: number;
  readonly aggregateType: 'Order';
  readonly order: PublishedOrder;
};
export type CustomerEventContent = CustomerEvent & {
  readonly schemaVersion: number;
  readonly aggregateType: 'Customer';
  readonly customer: PublishedCustomer;
};
export type ProductEventContent = ProductEvent & {
  readonly schemaVersion: number;
  readonly aggregateType: 'Product';
  readonly product: PublishedProduct;
};
/** An event as an aggregate's handler creates it. */
export type EventContent = OrderEventContent | CustomerEventContent | ProductEventContent;

export type OrderEventEnvelope = EventHead & OrderEventContent;
export type CustomerEventEnvelope = EventHead & CustomerEventContent;
export type ProductEventEnvelope = EventHead & ProductEventContent;
/** An event as it is stored, published and projected. */
export type EventEnvelope = EventHead & EventContent;

/** The contract of one event type in its current version. */
export interface EventContract {
  readonly version: number;
  /** The closed schema of the whole event. */
  readonly schema: z.ZodObject;
  /** The same schema with a precise type: TypeScript cannot infer from a table which data belong to which event type. */
  readonly parser: z.ZodType<EventEnvelope>;
  readonly upcasters: readonly Upcaster[];
  /** The fields to encrypt; undefined in an event of a product, which is about nobody. */
  readonly personal: PersonalFields | undefined;
}

function contractsOf(
  definitions: Readonly<Record<string, EventDefinition>>,
  aggregateType: EventEnvelope['aggregateType'],
  state: Readonly<Record<string, z.ZodType>>,
): readonly (readonly [eventType: string, contract: EventContract])[] {
  return Object.entries(definitions).map(([eventType, { version, data, upcasters = [] }]) => {
    const schema = z.strictObject({
      ...head,
      eventType: z.literal(eventType),
      schemaVersion: z.literal(version),
      aggregateType: z.literal(aggregateType),
      data,
      ...state,
    });
    const parser = schema.pipe(z.custom<EventEnvelope>());
    const fields = aggregateType === 'Product' ? undefined : personalFieldsOf(schema);
    return [eventType, { version, schema, parser, upcasters, personal: fields }];
  });
}

/** The contract of every event type. */
export const EVENT_CONTRACTS: ReadonlyMap<string, EventContract> = new Map([
  ...contractsOf(orderEvents, 'Order', { order: publishedOrder }),
  ...contractsOf(customerEvents, 'Customer', { customer: publishedCustomer }),
  ...contractsOf(productEvents, 'Product', { product: publishedProduct }),
]);

/** The personal fields of an event type; undefined when it has none. */
export function personalFieldsOfEvent(eventType: EventType): PersonalFields | undefined {
  return EVENT_CONTRACTS.get(eventType)?.personal;
}
