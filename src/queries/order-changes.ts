import { z } from 'zod';
import { ORDER_STATUSES, type OrderStatus } from '../shared/events/order-events.ts';
import type { HistoryEntry, OrderDetails } from '../shared/read-models/order-details.ts';
import { orderResponse, toOrderResponse } from '../shared/read-models/order-response.ts';

/** One change of an order as clients see it: the `data` of a server-sent event. */
export const orderChange = z
  .strictObject({
    orderId: z.string(),
    version: z.int().positive(),
    eventType: z.string(),
    timestamp: z.iso.datetime(),
    userId: z.string(),
    status: z
      .enum(ORDER_STATUSES)
      .exactOptional()
      .describe('The status after the change; absent for an older change whose predecessors are not known.'),
    data: z.unknown().describe("The event's data, money as decimal amounts."),
    order: orderResponse
      .exactOptional()
      .describe('On the newest change alone: the order as GET shows it with `include=tracking`.'),
  })
  .meta({ id: 'OrderChange' });
export type OrderChange = z.output<typeof orderChange>;

/**
 * The changes that a client has yet to see, by version. One that has seen nothing gets the newest alone, which carries the whole
 * order. Events may arrive late: the changes end before the first version that is missing, and go on once it has come.
 * @param lastSeen version of the last change that the client has; 0 when it wants all of them.
 */
export function changesSince(order: OrderDetails, lastSeen: number | undefined): readonly OrderChange[] {
  const { history = [], ...newest } = toOrderResponse(order, new Set(['history', 'tracking']));
  const first = lastSeen === undefined ? order.version : lastSeen + 1;
  const unseen = history.filter(({ version }) => version >= first);
  const complete = unseen.filter(({ version }, index) => version === first + index);
  return complete.map((entry) => {
    if (entry.version === order.version)
      return { orderId: order.orderId, ...entry, status: order.status, order: newest };
    const status = statusAfter(order.history, entry.version);
    return { orderId: order.orderId, ...entry, ...(status !== undefined && { status }) };
  });
}

/** The status that an event leaves behind; the address can change in more than one. */
const STATUS_AFTER: Readonly<Record<HistoryEntry['eventType'], OrderStatus | 'as-before'>> = {
  OrderCreated: 'draft',
  OrderPlaced: 'submitted',
  ItemAdded: 'draft',
  ItemRemoved: 'draft',
  ShippingAddressChanged: 'as-before',
  OrderSubmitted: 'submitted',
  OrderConfirmed: 'confirmed',
  OrderShipped: 'shipped',
  OrderDelivered: 'delivered',
  OrderCancelled: 'cancelled',
  OrderRefunded: 'refunded',
};

function statusAfter(history: readonly HistoryEntry[], version: number): OrderStatus | undefined {
  const entry = history.find((candidate) => candidate.version === version);
  if (entry === undefined) return undefined;
  const status = STATUS_AFTER[entry.eventType];
  return status === 'as-before' ? statusAfter(history, version - 1) : status;
}
