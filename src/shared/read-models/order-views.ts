import * as z from 'zod';
import type { RoleViews } from '../auth/role-views.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import { orderChange } from './order-change.ts';
import { historyEntry, orderItem, orderResponse } from './order-response.ts';
import { SHIPMENT_STATUSES } from './shipping-board.ts';

/*
 * What the warehouse sees of orders: those that were confirmed, with the fields needed to pack, ship, stop and track them.
 * It does not see users, prices, reasons or earlier addresses.
 */

/** The orders that the warehouse sees, in words. */
export const SHIPPING_RECORDS = 'from the confirmation on';

/** The data of the events about a shipment. The address after a change is on the order page. */
const shippingData = z.object({
  confirmedAt: z.string().exactOptional(),
  carrier: z.string().exactOptional(),
  trackingNumber: z.string().exactOptional(),
  shippedAt: z.string().exactOptional(),
  deliveredAt: z.string().exactOptional(),
});

const shippingOrder = orderResponse
  .omit({ customerId: true, currency: true, total: true })
  .extend({
    items: z.array(orderItem.omit({ price: true, lineTotal: true }).strip()),
    history: z.array(historyEntry.omit({ userId: true }).extend({ data: shippingData }).strip()).exactOptional(),
  })
  .strip()
  .meta({ id: 'ShippingOrder' });

/** What each role sees of an order. */
export const ORDER_VIEWS: RoleViews = { warehouse: { records: SHIPPING_RECORDS, schema: shippingOrder } };

/** A change of an order as the warehouse sees it. */
export const shippingChange = orderChange.extend({ data: shippingData }).strip().meta({ id: 'ShippingChange' });
type ShippingChange = z.output<typeof shippingChange>;

/** What each role sees of a change that is pushed. */
export const CHANGE_VIEWS: RoleViews = { warehouse: { records: SHIPPING_RECORDS, schema: shippingChange } };

/** The body of a response with changes of an order. */
export const orderChanges = z.strictObject({ changes: z.array(orderChange), version: z.int().positive() });

/** What each role sees of that body. */
export const CHANGES_VIEWS: RoleViews = {
  warehouse: { records: SHIPPING_RECORDS, schema: orderChanges.extend({ changes: z.array(shippingChange) }).strip() },
};

/** True for an order that the warehouse sees: from its confirmation on, also once it is cancelled or refunded. */
export function isForWarehouse({
  status,
  confirmedAt,
}: {
  readonly status: PublishedOrder['status'];
  readonly confirmedAt?: string | null | undefined;
}): boolean {
  return SHIPMENT_STATUSES.some((shown) => shown === status) || typeof confirmedAt === 'string';
}

/** The change as the warehouse gets it; undefined when it does not see the order. */
export function toShippingChange(
  change: z.output<typeof orderChange>,
  order: PublishedOrder,
): ShippingChange | undefined {
  return isForWarehouse(order) ? shippingChange.parse(change) : undefined;
}
