import type { Actor } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/http/problem.ts';
import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import type { OrderDetails } from '../../shared/read-models/order-details.ts';
import type { QueriesApp } from '../app.ts';
import { type ReadModelDocument, readDocument } from '../reading/read-document.ts';

/** Reads an order: one point read per call. Undefined when the caller may see no such order. Rejects with Problem `unavailable`. */
export function orderReader(
  { database }: QueriesApp,
  orderId: string,
  actor: Actor,
): () => Promise<(OrderDetails & ReadModelDocument) | undefined> {
  const container = database.container(ORDER_DETAILS.name);
  const id = documentId(orderId);
  return async () => {
    const order = await readDocument<OrderDetails>(container, id, id);
    return order !== undefined && maySee(actor, order) ? order : undefined;
  };
}

export function orderNotFound(orderId: string): Problem {
  return new Problem('order-not-found', `There is no order ${orderId} that you may see.`);
}

/** Customers see their own orders, admin and warehouse see all. For everyone else an order does not exist. */
function maySee({ roles, customerId }: Actor, order: OrderDetails): boolean {
  return roles.has('admin') || roles.has('warehouse') || order.customerId === customerId;
}
