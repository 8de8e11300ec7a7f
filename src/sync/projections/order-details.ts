import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import type { CustomerMarker } from '../../shared/read-models/customer-copy.ts';
import {
  applyOrderEvent,
  ORDER_PAGE,
  type OrderDetails,
  type OrderPage,
  withCustomer,
} from '../../shared/read-models/order-details.ts';
import { projectOrders } from './order-projection.ts';
import type { Projection } from './projection.ts';

/** The order page: the newest order that was seen, and the history of all that happened to it. */
export function projectOrderDetails(page: OrderPage): Projection<OrderDetails | CustomerMarker> {
  return projectOrders<OrderDetails>({
    container: ORDER_DETAILS,
    version: page.version,
    concerns: () => true,
    applyOrder: (document, event) => applyOrderEvent(document, event, page),
    withCustomer,
  });
}

export const orderDetails = projectOrderDetails(ORDER_PAGE);
