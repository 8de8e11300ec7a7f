import * as z from 'zod';

/**
 * Version 1 of OrderPlaced, from when every order was in USD and events had no currency. Frozen: it describes stored events, so it
 * shares nothing with the current schemas, which change.
 */

const minorUnits = z.int().describe('In US cents.');
const id = z.string().min(1);
const utc = z.iso.datetime();

const address = z.strictObject({
  street: z.string(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.string().optional(),
});

const line = z.strictObject({
  line: z.int().positive(),
  productId: id,
  quantity: z.int().positive(),
  price: minorUnits,
});

export const orderPlacedV1 = z.strictObject({
  eventId: z.uuid(),
  eventType: z.literal('OrderPlaced'),
  schemaVersion: z.literal(1),
  aggregateType: z.literal('Order'),
  aggregateId: id,
  version: z.int().positive(),
  timestamp: utc,
  correlationId: z.string(),
  causationId: z.string(),
  traceparent: z.string().optional(),
  metadata: z.strictObject({ userId: z.string(), source: z.string() }),
  data: z.strictObject({
    customerId: id,
    items: z.array(line),
    total: minorUnits,
    shippingAddress: address,
    placedAt: utc,
  }),
  order: z.strictObject({
    orderId: id,
    customerId: id,
    customerName: z.string(),
    customerEmail: z.string(),
    customerPhone: z.string().nullable(),
    status: z.literal('submitted'),
    items: z.array(line.extend({ productName: z.string() })),
    total: minorUnits,
    shippingAddress: address,
    placedAt: utc,
  }),
});

/** Version 2 adds the currency to the order and to the event's data. */
export function orderPlacedV1ToV2(event: z.output<typeof orderPlacedV1>): object {
  const currency = 'USD';
  return {
    ...event,
    schemaVersion: 2,
    data: { ...event.data, currency },
    order: { ...event.order, currency },
  };
}
