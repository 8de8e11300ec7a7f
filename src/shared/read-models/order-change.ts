import { z } from 'zod';
import type { OrderEventEnvelope } from '../events/envelope.ts';
import { ORDER_STATUSES, type OrderStatus, orderEvents } from '../events/order-events.ts';
import type { HistoryEntry, OrderDetails } from './order-details.ts';
import { moneyToDecimal } from './order-response.ts';

/** One change of an order as clients see it, whether they poll for it or it is pushed to them. */
export const orderChange = z
  .strictObject({
    orderId: z.string(),
    version: z.int().positive(),
    eventType: z.string(),
    timestamp: z.iso.datetime(),
    status: z
      .enum(ORDER_STATUSES)
      .exactOptional()
      .describe('The status after the change; absent when it follows an event that has not arrived.'),
    data: z.unknown().describe("The event's data, money as decimal amounts."),
  })
  .meta({ id: 'OrderChange' });
export type OrderChange = z.output<typeof orderChange>;

/** The change that an event is, for clients that it is pushed to. */
export function changeOfEvent({ version, eventType, timestamp, data, order }: OrderEventEnvelope): OrderChange {
  const { orderId, status, currency } = order;
  return { orderId, version, eventType, timestamp, status, data: moneyToDecimal(data, currency) };
}

/**
 * The changes of an order after a version, oldest first. Events may arrive late: the list ends before the first version that is
 * missing, so that a client never skips one.
 * @param skipMissing true: leaves out versions that are missing, because their events will not arrive any more
 */
export function changesAfter(order: OrderDetails, after: number, skipMissing: boolean): readonly OrderChange[] {
  const later = order.history.filter(({ version }) => version > after);
  const due = skipMissing ? later : later.filter(({ version }, index) => version === after + 1 + index);
  return due.map(({ version, eventType, timestamp, data }) => {
    const status = version === order.version ? order.status : statusAfter(order.history, version);
    return {
      orderId: order.orderId,
      version,
      eventType,
      timestamp,
      ...(status !== undefined && { status }),
      data: moneyToDecimal(data, order.currency),
    };
  });
}

function statusAfter(history: readonly HistoryEntry[], version: number): OrderStatus | undefined {
  const entry = history.find((candidate) => candidate.version === version);
  if (entry === undefined) return undefined;
  const status: OrderStatus | 'unchanged' = orderEvents[entry.eventType].statusAfter;
  return status === 'unchanged' ? statusAfter(history, version - 1) : status;
}
