import * as z from 'zod';
import { nonPersonal, personal } from '../personal-data/personal-fields.ts';
import { type EventDataOf, type EventDefinition, type EventOf, upcaster } from './event-definition.ts';
import { orderPlacedV1, orderPlacedV1ToV2 } from './order-placed-v1.ts';

const id = nonPersonal(z.string().min(1));
const text = nonPersonal(z.string());
const utc = nonPersonal(z.iso.datetime());
const minorUnits = z.int().describe('In minor units of the currency: cents for USD, yen for JPY.');
/** Free text, which can contain personal data. */
const reason = personal(z.string());

/** Postal address as it is stored and published. */
export const address = personal(
  z.strictObject({
    street: z.string(),
    city: z.string(),
    state: z.string(),
    zip: z.string(),
    country: z.string().optional(),
  }),
);
export type Address = z.infer<typeof address>;

/** One line of an order. Several lines can have the same product. */
const line = z.strictObject({
  line: z.int().positive(),
  productId: id,
  quantity: z.int().positive(),
  price: minorUnits.describe('Unit price, in minor units of the currency.'),
});

/** The shipment of an order. */
export const tracking = z.strictObject({
  carrier: personal(z.string()),
  trackingNumber: personal(z.string()),
  shippedAt: utc,
  deliveredAt: utc.optional(),
});
export type Tracking = z.infer<typeof tracking>;

export const ORDER_STATUSES = [
  'draft',
  'submitted',
  'confirmed',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** The whole order after an event (event-carried state transfer), so that no projection needs to query the write side. */
export const publishedOrder = z.strictObject({
  orderId: id,
  customerId: id,
  customerName: personal(z.string()),
  customerEmail: personal(z.string()),
  customerPhone: personal(z.string()).nullable(),
  customerVersion: z
    .int()
    .positive()
    .describe('Version of the customer that the name and contact data are from. Absent in older events.')
    .optional(),
  status: z.enum(ORDER_STATUSES),
  currency: text,
  items: z.array(line.extend({ productName: text })).readonly(),
  total: minorUnits,
  shippingAddress: address.nullable().describe('Null in a draft without an address.'),
  placedAt: utc.nullable().describe('Null in a draft, and in an order that was cancelled as a draft.'),
  confirmedAt: utc.optional(),
  tracking: tracking.optional(),
});
export type PublishedOrder = z.infer<typeof publishedOrder>;

interface OrderEventDefinition extends EventDefinition {
  /** The order's status after the event. */
  readonly statusAfter: OrderStatus | 'unchanged';
}

const created = { customerId: id, currency: text, items: z.array(line).readonly(), total: minorUnits };

/** The events of an order. */
export const orderEvents = {
  /** A draft was created. A draft reserves no stock or credit. */
  OrderCreated: {
    version: 1,
    data: z.strictObject({ ...created, shippingAddress: address.nullable() }),
    statusAfter: 'draft',
  },
  /** An order was created and submitted in one step. It now reserves stock and credit. */
  OrderPlaced: {
    version: 2,
    data: z.strictObject({ ...created, shippingAddress: address, placedAt: utc }),
    statusAfter: 'submitted',
    upcasters: [upcaster(orderPlacedV1, orderPlacedV1ToV2)],
  },
  ItemAdded: { version: 1, data: line, statusAfter: 'draft' },
  /** All lines of the product were removed. */
  ItemRemoved: { version: 1, data: z.strictObject({ productId: id }), statusAfter: 'draft' },
  /** The quantity of one line changed. Its price did not. */
  QuantityChanged: { version: 1, data: line.pick({ line: true, quantity: true }), statusAfter: 'draft' },
  /** One line was removed. The other lines keep their numbers. */
  LineRemoved: { version: 1, data: line.pick({ line: true }), statusAfter: 'draft' },
  ShippingAddressChanged: {
    version: 1,
    data: z.strictObject({ shippingAddress: address }),
    statusAfter: 'unchanged',
  },
  /** A draft was submitted. It now reserves stock and credit. */
  OrderSubmitted: { version: 1, data: z.strictObject({ placedAt: utc }), statusAfter: 'submitted' },
  OrderConfirmed: { version: 1, data: z.strictObject({ confirmedAt: utc }), statusAfter: 'confirmed' },
  OrderShipped: {
    version: 1,
    data: tracking.omit({ deliveredAt: true }),
    statusAfter: 'shipped',
  },
  OrderDelivered: { version: 1, data: z.strictObject({ deliveredAt: utc }), statusAfter: 'delivered' },
  OrderCancelled: { version: 1, data: z.strictObject({ reason }), statusAfter: 'cancelled' },
  /** Nobody confirmed the order in time, so it was cancelled. */
  OrderExpired: {
    version: 1,
    data: z.strictObject({
      submittedAt: utc.describe('When the command that submitted the order was accepted, ISO 8601 UTC.'),
      reason: nonPersonal(z.literal('not-confirmed-in-time')),
    }),
    statusAfter: 'cancelled',
  },
  OrderRefunded: { version: 1, data: z.strictObject({ reason }), statusAfter: 'refunded' },
} as const satisfies Record<string, OrderEventDefinition>;

export type OrderEventData = EventDataOf<typeof orderEvents>;
export type OrderEvent = EventOf<OrderEventData>;
