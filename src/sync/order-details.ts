import type { EventEnvelope } from '../shared/events/envelope.ts';
import { ORDER_DETAILS } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import type { HistoryEntry, OrderDetails } from '../shared/read-models/order-details.ts';
import type { Projection } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** The order page: the newest order that was seen, and the history of all that happened to it. */
export const orderDetails: Projection<OrderDetails> = {
  container: ORDER_DETAILS,

  keyOf: ({ aggregateType, aggregateId }) => {
    if (aggregateType !== 'Order') return undefined;
    const id = documentId(aggregateId);
    return { id, partitionKey: id };
  },

  apply: (document, event) => {
    if (event.aggregateType !== 'Order') return document;
    const history = document?.history ?? [];
    if (history.some(({ version }) => version === event.version)) return document;
    const newHistory = [...history, toHistory(event)].sort((a, b) => a.version - b.version);
    if (document !== undefined && document.version > event.version) return { ...document, history: newHistory };
    const { customerEmail: _email, customerPhone: _phone, confirmedAt: _confirmedAt, ...order } = event.order;
    return {
      id: documentId(order.orderId),
      ...order,
      history: newHistory,
      version: event.version,
      lastUpdated: event.timestamp,
    };
  },
};

function toHistory({ version, eventType, timestamp, metadata, data }: EventEnvelope): HistoryEntry {
  return { version, eventType, timestamp, userId: metadata.userId, data };
}

registerProjection('projectOrderDetails', 'order-details', orderDetails);
