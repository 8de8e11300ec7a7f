import * as z from 'zod';
import type { OrderEventEnvelope } from '../events/envelope.ts';
import { ORDER_STATUSES } from '../events/order-events.ts';
import type { HistoryEntry } from './order-history.ts';
import { moneyToDecimal } from './order-response.ts';

/** One change of an order as clients see it, whether they poll for it or it is pushed to them. */
export const orderChange = z
  .strictObject({
    orderId: z.string(),
    version: z.int().positive(),
    eventType: z.string(),
    timestamp: z.iso.datetime(),
    status: z.enum(ORDER_STATUSES).describe('The status after the change.'),
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
 * @param entries the history after that version, sorted by version
 * @param skipMissing true: leaves out versions that are missing, because their events will not arrive any more
 */
export function changesAfter(
  entries: readonly HistoryEntry[],
  currency: string,
  { after, skipMissing }: { readonly after: number; readonly skipMissing: boolean },
): readonly OrderChange[] {
  const due = skipMissing ? entries : entries.filter(({ version }, index) => version === after + 1 + index);
  return due.map(({ orderId, version, eventType, timestamp, status, data }) => ({
    orderId,
    version,
    eventType,
    timestamp,
    status,
    data: moneyToDecimal(data, currency),
  }));
}
