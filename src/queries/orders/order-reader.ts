import type { Actor, Role } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/http/problem.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import { isShipping } from '../../shared/read-models/order-views.ts';
import type { QueriesApp } from '../app.ts';
import { type ReadModelDocument, readDocument } from '../reading/read-document.ts';

/**
 * Returns a function that reads an order with one point read per call. It returns undefined when the order does not exist or the
 * caller may not see it, and rejects with Problem `unavailable`.
 */
export function orderReader(
  { database }: QueriesApp,
  orderId: string,
  actor: Actor,
): () => Promise<(OrderDetails & ReadModelDocument) | undefined> {
  const container = database.container(ORDER_DETAILS.name);
  const id = documentId(orderId);
  return async () => {
    const order = await readDocument<OrderDetails>(container, id, id);
    return order !== undefined && viewersOf(actor, order).size > 0 ? order : undefined;
  };
}

export function orderNotFound(orderId: string): Problem {
  return new Problem('order-not-found', `There is no order ${orderId} that you may see.`);
}

/**
 * The caller's roles that see the order: a customer sees their own orders, the warehouse those to ship or track, an admin all. For
 * everyone else the order does not exist.
 */
export function viewersOf(
  { roles, customerId }: Actor,
  order: Pick<OrderDetails, 'customerId' | 'status'>,
): ReadonlySet<Role> {
  const sees: Readonly<Record<Role, boolean>> = {
    admin: true,
    customer: order.customerId === customerId,
    warehouse: isShipping(order.status),
    analyst: false,
  };
  return new Set([...roles].filter((role) => sees[role]));
}
