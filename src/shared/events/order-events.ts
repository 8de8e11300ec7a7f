import { z } from 'zod';

const id = z.string().min(1);
const minorUnits = z.int().describe('In minor units of the currency: cents for USD, yen for JPY.');
const utc = z.iso.datetime();
const reason = z.string();

/** Postal address as it is stored and published. */
export const address = z.strictObject({
  street: z.string(),
  city: z.string(),
  state: z.string(),
  zip: z.string(),
  country: z.string().optional(),
});
export type Address = z.infer<typeof address>;

/** One line of an order; several lines may hold one product. */
const line = z.strictObject({
  line: z.int().positive(),
  productId: id,
  quantity: z.int().positive(),
  price: minorUnits.describe('Of one unit, in minor units of the currency.'),
});

/** Where a shipped order is. */
export const tracking = z.strictObject({
  carrier: z.string(),
  trackingNumber: z.string(),
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

/** The order as a whole after an event: what projections copy, so that none of them asks the write side. */
export const orderSnapshot = z.strictObject({
  orderId: id,
  customerId: id,
  customerName: z.string(),
  customerEmail: z.string(),
  customerPhone: z.string().nullable(),
  customerVersion: z
    .int()
    .positive()
    .describe('Version of the customer whose name and contact these are; events from before it was kept lack it.')
    .optional(),
  status: z.enum(ORDER_STATUSES),
  currency: z.string(),
  items: z.array(line.extend({ productName: z.string() })).readonly(),
  total: minorUnits,
  shippingAddress: address.nullable().describe('Null in a draft that has none yet.'),
  placedAt: utc.nullable().describe('Null in a draft, and when it was cancelled as one.'),
  confirmedAt: utc.optional(),
  tracking: tracking.optional(),
});
export type OrderSnapshot = z.infer<typeof orderSnapshot>;

const created = { customerId: id, currency: z.string(), items: z.array(line).readonly(), total: minorUnits };

/** What each event says has changed. */
export const orderEventData = {
  /** A draft was begun; it holds nothing of anyone. */
  OrderCreated: z.strictObject({ ...created, shippingAddress: address.nullable() }),
  /** An order was created and submitted in one step; it holds stock and credit from now on. */
  OrderPlaced: z.strictObject({ ...created, shippingAddress: address, placedAt: utc }),
  ItemAdded: line,
  /** All lines of the product were taken out. */
  ItemRemoved: z.strictObject({ productId: id }),
  ShippingAddressChanged: z.strictObject({ shippingAddress: address }),
  /** A draft became an order; it holds stock and credit from now on. */
  OrderSubmitted: z.strictObject({ placedAt: utc }),
  OrderConfirmed: z.strictObject({ confirmedAt: utc }),
  OrderShipped: z.strictObject({ carrier: z.string(), trackingNumber: z.string(), shippedAt: utc }),
  OrderDelivered: z.strictObject({ deliveredAt: utc }),
  OrderCancelled: z.strictObject({ reason }),
  OrderRefunded: z.strictObject({ reason }),
};
