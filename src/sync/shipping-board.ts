import { SHIPPING_BOARD } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { regionOf, type Shipment } from '../shared/read-models/shipping-board.ts';
import { sortKey } from '../shared/read-models/sort-key.ts';
import { documentPerAggregate } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** Orders from their confirmation on. One that is cancelled or refunded stays, so that no late event brings it back. */
export const shippingBoard = documentPerAggregate<Shipment>({
  container: SHIPPING_BOARD,
  idOf: (event) =>
    event.aggregateType === 'Order' && event.order.confirmedAt !== undefined
      ? documentId(event.aggregateId)
      : undefined,
  apply: (document, event) => {
    if (event.aggregateType !== 'Order') return document;
    const { orderId, customerName, status, items, shippingAddress, confirmedAt, tracking } = event.order;
    if (confirmedAt === undefined || shippingAddress === null) return document;
    if (document !== undefined && document.version >= event.version) return document;
    return {
      id: documentId(orderId),
      orderId,
      customerName,
      status,
      region: regionOf(shippingAddress),
      shippingAddress,
      itemCount: items.length,
      ...tracking,
      confirmedAt,
      sortKey: sortKey(confirmedAt, orderId),
      version: event.version,
      lastUpdated: event.timestamp,
    };
  },
});

registerProjection('projectShippingBoard', 'shipping-board', shippingBoard);
