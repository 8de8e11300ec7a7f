import { z } from 'zod';
import { customerEventData, customerSnapshot } from './customer-events.ts';
import { orderEventData, orderSnapshot } from './order-events.ts';
import { productEventData, productSnapshot } from './product-events.ts';

const common = {
  eventId: z.uuid(),
  aggregateId: z.string().min(1),
  /** 1, 2, … without a gap per aggregate. */
  version: z.int().positive(),
  /** When the command was handled, ISO 8601 UTC. */
  timestamp: z.iso.datetime(),
  correlationId: z.string(),
  /** The command that caused the event. */
  causationId: z.string(),
  /** W3C trace context of the command, so that the projection's span joins its trace. */
  traceparent: z.string().optional(),
  metadata: z.strictObject({ userId: z.string(), source: z.string() }),
};

/** An order's event: what changed (`data`), and the order after it. */
const orderEvent = <Type extends keyof typeof orderEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: z.literal(1),
    aggregateType: z.literal('Order'),
    data: orderEventData[eventType],
    order: orderSnapshot,
  });

const customerEvent = <Type extends keyof typeof customerEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: z.literal(1),
    aggregateType: z.literal('Customer'),
    data: customerEventData[eventType],
    customer: customerSnapshot,
  });

const productEvent = <Type extends keyof typeof productEventData>(eventType: Type) =>
  z.strictObject({
    ...common,
    eventType: z.literal(eventType),
    schemaVersion: z.literal(1),
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
  ProductAdded: productEvent('ProductAdded'),
  PriceChanged: productEvent('PriceChanged'),
  StockAdjusted: productEvent('StockAdjusted'),
} as const;

export const eventSchemas: ReadonlyMap<string, z.ZodType<EventEnvelope>> = new Map(Object.entries(schemas));

/** An event as it is stored, published and projected. */
export type EventEnvelope = z.infer<(typeof schemas)[keyof typeof schemas]>;
export type OrderEventEnvelope = Extract<EventEnvelope, { aggregateType: 'Order' }>;

/** The data and the type of an event, as the domain makes it. */
export type EventOf<AggregateType extends EventEnvelope['aggregateType']> =
  Extract<EventEnvelope, { aggregateType: AggregateType }> extends infer Event ? Fact<Event> : never;
type Fact<Event> = Event extends EventEnvelope ? Pick<Event, 'eventType' | 'data'> : never;
