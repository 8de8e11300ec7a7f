import { SHIPPING_BOARD } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { regionOf, type Shipment } from '../shared/read-models/shipping-board.ts';
import { sortKey } from '../shared/read-models/sort-key.ts';
import { documentPerOrder } from './projection.ts';
import { registerProjection } from './register-projection.ts';

/** Orders from their confirmation on. One that is cancelled or refunded stays, so that no late event brings it back. */
export const shippingBoard = documentPerOrder<Shipment>({
  container: SHIPPING_BOARD,
  version: 1,
  documentOf: (event) => {
    const { orderId, customerName, status, items, shippingAddress, confirmedAt, tracking } = event.order;
    if (confirmedAt === undefined || shippingAddress === null) return undefined;
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
