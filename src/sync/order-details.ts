import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { applyOrderEvent, type OrderDetails } from '../shared/read-models/order-details.ts';
import { documentPerAggregate } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** The order page: the newest order that was seen, and the history of all that happened to it. */
export const orderDetails = documentPerAggregate<OrderDetails>({
  container: ORDER_DETAILS,
  idOf: ({ aggregateType, aggregateId }) => (aggregateType === 'Order' ? documentId(aggregateId) : undefined),
  apply: (document, event) => (event.aggregateType === 'Order' ? applyOrderEvent(document, event) : document),
});

registerProjection('projectOrderDetails', 'order-details', orderDetails);
