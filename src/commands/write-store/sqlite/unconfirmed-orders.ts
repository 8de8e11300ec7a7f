import type { DatabaseSync } from 'node:sqlite';
import { toUnconfirmedOrders } from '../rows.ts';
import { BEFORE_ALL, type UnconfirmedOrder, type UnconfirmedOrdersRequest } from '../unconfirmed-orders.ts';

/** In the order of the index IX_UnconfirmedOrders_SubmittedAt. Triggers of the schema maintain the table. */
export const UNCONFIRMED_ORDERS = `
  SELECT OrderId AS orderId, SubmittedAt AS submittedAt FROM UnconfirmedOrders
  WHERE SubmittedAt <= :submittedUntil AND (SubmittedAt, OrderId) > (:afterSubmittedAt, :afterOrderId)
  ORDER BY SubmittedAt, OrderId LIMIT :limit`;

/** Prepares the query of `UnconfirmedOrders`. */
export function prepareUnconfirmedOrders(
  database: DatabaseSync,
): (request: UnconfirmedOrdersRequest) => readonly UnconfirmedOrder[] {
  const select = database.prepare(UNCONFIRMED_ORDERS);
  return ({ submittedUntil, after = BEFORE_ALL, limit }) =>
    toUnconfirmedOrders(
      select.all({ submittedUntil, afterSubmittedAt: after.submittedAt, afterOrderId: after.orderId, limit }),
    );
}
