import { z } from 'zod';
import { sealedPersonalData } from '../personal-data/event-encryption.ts';
import { customerEventData, customerSnapshot } from './customer-events.ts';
import { orderEventData, orderSnapshot } from './order-events.ts';
import { productEventData, productSnapshot } from './product-events.ts';

/**
 * The version in which each event is published, and the one source of it. Past versions are brought up to it when they are
 * read: see upcasters.ts.
 */
export const SCHEMA_VERSIONS = {
  OrderCreated: 1,
  OrderPlaced: 2,
  ItemAdded: 1,
  ItemRemoved: 1,
  ShippingAddressChanged: 1,
  OrderSubmitted: 1,
  OrderConfirmed: 1,
  OrderShipped: 1,
  OrderDelivered: 1,
  OrderCancelled: 1,
  OrderRefunded: 1,
  CustomerRegistered: 1,
  CustomerContactChanged: 1,
  CreditLimitChanged: 1,
  CustomerErased: 1,
  ProductAdded: 1,
  PriceChanged: 1,
  StockAdjusted: 1,
} as const;
export type EventType = keyof typeof SCHEMA_VERSIONS;

/** True for the type of an event that this version knows. */
export function isEventType(name: string): name is EventType {
  return Object.hasOwn(SCHEMA_VERSIONS, name);
}

const common = {
  eventId: z.uuid(),
  aggregateId: z.string().min(1),
  version: z.int().positive().describe('1, 2, … without a gap per aggregate.'),
  timestamp: z.iso.datetime().describe('When the command was handled, ISO 8601 UTC.'),
  correlationId: z.string(),
  causationId: z.string().describe('The command that caused the event.'),
  traceparent: z
    .string()
    .describe("W3C trace context of the command, so that the projection's span joins its trace.")
    .optional(),
  metadata: z.strictObject({ userId: z.string(), source: z.string() }),
  personal: sealedPersonalData.optional(),
};

/** Only the current version; a number to the compiler, since one line sets it for whatever event a command ends in. */
const currentVersion = (eventType: EventType) => z.literal<number>(SCHEMA_VERSIONS[eventType]);

/** An order's event: what changed (`data`), and the order after it. */
const orderEvent = <Type extends keyof typeof orderEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: currentVersion(eventType),
    aggregateType: z.literal('Order'),
    data: orderEventData[eventType],
    order: orderSnapshot,
  });

const customerEvent = <Type extends keyof typeof customerEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: currentVersion(eventType),
    aggregateType: z.literal('Customer'),
    data: customerEventData[eventType],
    customer: customerSnapshot,
  });

const productEvent = <Type extends keyof typeof productEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: currentVersion(eventType),
    aggregateType: z.literal('Product'),
    data: productEventData[eventType],
    product: productSnapshot,
  });

/** Current schema of every event. */
const schemas = {
  OrderCreated: orderEvent('OrderCreated'),
  OrderPlaced: orderEvent('OrderPlaced'),
  ItemAdded: orderEvent('ItemAdded'),
  ItemRemoved: orderEvent('ItemRemoved'),
  ShippingAddressChanged: orderEvent('ShippingAddressChanged'),
  OrderSubmitted: orderEvent('OrderSubmitted'),
  OrderConfirmed: orderEvent('OrderConfirmed'),
  OrderShipped: orderEvent('OrderShipped'),
  OrderDelivered: orderEvent('OrderDelivered'),
  OrderCancelled: orderEvent('OrderCancelled'),
  OrderRefunded: orderEvent('OrderRefunded'),
  CustomerRegistered: customerEvent('CustomerRegistered'),
  CustomerContactChanged: customerEvent('CustomerContactChanged'),
  CreditLimitChanged: customerEvent('CreditLimitChanged'),
  CustomerErased: customerEvent('CustomerErased'),
  ProductAdded: productEvent('ProductAdded'),
  PriceChanged: productEvent('PriceChanged'),
  StockAdjusted: productEvent('StockAdjusted'),
} as const satisfies Record<EventType, z.ZodType>;

export const eventSchemas: ReadonlyMap<string, z.ZodType<EventEnvelope>> = new Map(Object.entries(schemas));

/** An event as it is stored, published and projected. */
export type EventEnvelope = z.infer<(typeof schemas)[keyof typeof schemas]>;
export type OrderEventEnvelope = Extract<EventEnvelope, { aggregateType: 'Order' }>;

/** The data and the type of an event, as the domain makes it. */
export type EventOf<AggregateType extends EventEnvelope['aggregateType']> =
  Extract<EventEnvelope, { aggregateType: AggregateType }> extends infer Event ? Fact<Event> : never;
type Fact<Event> = Event extends EventEnvelope ? Pick<Event, 'eventType' | 'data'> : never;
