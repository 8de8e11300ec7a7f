import type { PublishedOrder } from '../../shared/events/order-events.ts';
import type { CustomerRow } from '../write-store/write-store.ts';
import type { ExistingOrder } from './domain/order.ts';
import type { OrderItem } from './domain/order-item.ts';

/**
 * The whole order as its event carries it (event-carried state transfer), with the names that projections need. Lists every field, so that
 * a new field of the state is not published unencrypted, against the event's contract, until it is part of `publishedOrder`.
 */
export function toPublishedOrder(
  orderId: string,
  order: ExistingOrder,
  { name, email, phone, version }: CustomerRow,
  nameOf: (item: OrderItem) => string | undefined,
): PublishedOrder {
  const { customerId, status, currency, items, total, shippingAddress, placedAt } = order;
  return {
    orderId,
    customerId,
    customerName: name,
    customerEmail: email,
    customerPhone: phone,
    customerVersion: version,
    status,
    currency,
    items: items.map((item) => toPublishedLine(item, nameOf(item))),
    total,
    shippingAddress,
    placedAt,
    ...('confirmedAt' in order && { confirmedAt: order.confirmedAt }),
    ...('tracking' in order && { tracking: order.tracking }),
  };
}

function toPublishedLine({ line, productId, quantity, price }: OrderItem, name = productId) {
  return { line, productId, productName: name, quantity, price };
}
