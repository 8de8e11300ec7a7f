import type { EventEnvelope } from '../shared/events/envelope.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { applyOrderEvent, ORDER_PAGE, type OrderDetails, type OrderPage } from '../shared/read-models/order-details.ts';
import type { Projection } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** The order page: the newest order that was seen, and the history of all that happened to it. */
export function projectOrderPages(page: OrderPage): Projection<OrderDetails> {
  return {
    container: ORDER_DETAILS,
    version: page.version,
    targetOf: ({ aggregateType, aggregateId }: EventEnvelope) => {
      if (aggregateType !== 'Order') return undefined;
      const id = documentId(aggregateId);
      return { partitionKey: id, ids: [id] };
    },
    apply: (documents, event) => {
      if (event.aggregateType !== 'Order') return documents;
      const id = documentId(event.aggregateId);
      return new Map([[id, applyOrderEvent(documents.get(id), event, page)]]);
    },
  };
}

export const orderDetails = projectOrderPages(ORDER_PAGE);

registerProjection('projectOrderDetails', 'order-details', orderDetails);
