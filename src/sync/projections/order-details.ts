import { ORDER_DETAILS } from '../../shared/read-models/containers.ts';
import type { CustomerMarker } from '../../shared/read-models/customer-copy.ts';
import {
  applyOrderEvent,
  ORDER_DETAILS_MAPPING,
  type OrderDetails,
  type OrderDetailsMapping,
  withCustomer,
} from '../../shared/read-models/order-details.ts';
import { projectOrders } from './order-projection.ts';
import type { Projection } from './projection.ts';

/** Projects the order page: the newest state of an order, and its history. */
export function projectOrderDetails(mapping: OrderDetailsMapping): Projection<OrderDetails | CustomerMarker> {
  return projectOrders<OrderDetails>({
    container: ORDER_DETAILS,
    version: mapping.version,
    concerns: () => true,
    applyOrder: (document, event) => applyOrderEvent(document, event, mapping),
    withCustomer,
  });
}

export const orderDetails = projectOrderDetails(ORDER_DETAILS_MAPPING);
