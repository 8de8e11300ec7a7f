import { ERASED_ADDRESS, ERASED_SHIPMENT } from '../../shared/personal-data/placeholders.ts';
import { BOARD, SHIPPING_BOARD } from '../../shared/read-models/containers.ts';
import { customerOf, withCustomerVersion } from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { KEEP_DONE_MS, regionOf, type Shipment } from '../../shared/read-models/shipping-board.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { documentPerOrder, type OrderDocumentProjection } from './order-projection.ts';

/**
 * Projects orders once they are confirmed, until some time after they are delivered. A cancelled or refunded order keeps its document as
 * long, so that no late event recreates it.
 */
export function projectShippingBoard(version: number): OrderDocumentProjection<Shipment> {
  return documentPerOrder<Shipment>({
    container: SHIPPING_BOARD,
    version,
    creates: ({ eventType }) => eventType === 'OrderConfirmed',
    byCustomer: true,
    board: BOARD,
    documentOf: (event) => {
      const { orderId, customerId, customerName, customerVersion, ...order } = withCustomerVersion(event.order);
      const { status, items, shippingAddress, confirmedAt, tracking } = order;
      if (confirmedAt === undefined || shippingAddress === null) return undefined;
      const isDone = status !== 'confirmed' && status !== 'shipped';
      return {
        id: documentId(orderId),
        board: BOARD,
        orderId,
        customerId,
        customerName,
        customerVersion,
        status,
        region: regionOf(shippingAddress),
        shippingAddress,
        itemCount: items.length,
        ...tracking,
        confirmedAt,
        ...(isDone && { expiresAt: after(tracking?.deliveredAt ?? event.timestamp, KEEP_DONE_MS) }),
        sortKey: sortKey(confirmedAt, orderId),
        version: event.version,
        lastUpdated: event.timestamp,
      };
    },
    withCustomer: (document, copy) => ({
      ...document,
      ...customerOf(copy),
      ...(copy.customerErased && { shippingAddress: ERASED_ADDRESS, region: regionOf(ERASED_ADDRESS) }),
      ...(copy.customerErased && document.trackingNumber !== undefined && ERASED_SHIPMENT),
    }),
  });
}

export const shippingBoard = projectShippingBoard(2);

/** A time (ISO 8601 UTC) that is `ms` milliseconds later. */
const after = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
