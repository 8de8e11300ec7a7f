import { z } from 'zod';
import { ORDER_STATUSES, type OrderStatus, orderEvents } from '../../shared/events/order-events.ts';
import type { HistoryEntry, OrderDetails } from '../../shared/read-models/order-details.ts';
import { orderResponse, toOrderResponse } from '../../shared/read-models/order-response.ts';
import type { ReadModelDocument } from '../reading/read-document.ts';

/** How long (ms) a version that is missing is waited for, from when the newest one was projected. */
export const MISSING_VERSION_WAIT_MS = 10_000;

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

/** An order as it is stored. */
export type StoredOrder = OrderDetails & Pick<ReadModelDocument, 'projectedAt'>;

/**
 * The changes that a client has yet to see, by version. One that has seen nothing gets the newest alone, which carries the whole
 * order. Events may arrive late: the changes end before the first version that is missing, until it has come or was waited for
 * long enough: its event may be a dead letter, and the client would never see anything again. When it comes after that, it is not
 * among the changes of those who have newer ones.
 * @param lastSeen version of the last change that the client has; 0 when it wants all of them.
 * @param now milliseconds since the epoch.
 */
export function changesSince(order: StoredOrder, lastSeen: number | undefined, now: number): readonly OrderChange[] {
  const { history = [], ...newest } = toOrderResponse(order, new Set(['history', 'tracking']));
  const first = lastSeen === undefined ? order.version : lastSeen + 1;
  const unseen = history.filter(({ version }) => version >= first);
  const isSettled = now - Date.parse(order.projectedAt) >= MISSING_VERSION_WAIT_MS;
  const due = isSettled ? unseen : unseen.filter(({ version }, index) => version === first + index);
  return due.map((entry) => {
    if (entry.version === order.version)
      return { orderId: order.orderId, ...entry, status: order.status, order: newest };
    const status = statusAfter(order.history, entry.version);
    return { orderId: order.orderId, ...entry, ...(status !== undefined && { status }) };
  });
}

function statusAfter(history: readonly HistoryEntry[], version: number): OrderStatus | undefined {
  const entry = history.find((candidate) => candidate.version === version);
  if (entry === undefined) return undefined;
  const status: OrderStatus | 'unchanged' = orderEvents[entry.eventType].statusAfter;
  return status === 'unchanged' ? statusAfter(history, version - 1) : status;
}
