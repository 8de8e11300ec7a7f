import { z } from 'zod';
import { customerRegistered, customerSnapshot } from './customer-events.ts';
import { orderPlaced, orderSnapshot } from './order-events.ts';
import { productAdded, productSnapshot } from './product-events.ts';

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

/** Current schema of every event: its name and version, what changed (`data`), and the aggregate after it. */
const schemas = {
  OrderPlaced: z.strictObject({
    ...common,
    eventType: z.literal('OrderPlaced'),
    schemaVersion: z.literal(1),
    aggregateType: z.literal('Order'),
    data: orderPlaced,
    order: orderSnapshot,
  }),
  CustomerRegistered: z.strictObject({
    ...common,
    eventType: z.literal('CustomerRegistered'),
    schemaVersion: z.literal(1),
    aggregateType: z.literal('Customer'),
    data: customerRegistered,
    customer: customerSnapshot,
  }),
  ProductAdded: z.strictObject({
    ...common,
    eventType: z.literal('ProductAdded'),
    schemaVersion: z.literal(1),
    aggregateType: z.literal('Product'),
    data: productAdded,
    product: productSnapshot,
  }),
} as const;

export const eventSchemas: ReadonlyMap<string, z.ZodType<EventEnvelope>> = new Map(Object.entries(schemas));

/** An event as it is stored, published and projected. */
export type EventEnvelope = z.infer<(typeof schemas)[keyof typeof schemas]>;
export type EventType = EventEnvelope['eventType'];
export type OrderEventEnvelope = Extract<EventEnvelope, { aggregateType: 'Order' }>;
