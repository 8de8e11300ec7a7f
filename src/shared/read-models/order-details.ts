import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import { ERASED_ADDRESS, ERASED_SHIPMENT } from '../personal-data/placeholders.ts';
import { type CustomerCopy, customerOf, withCustomerVersion } from './customer-copy.ts';
import { documentId } from './document-id.ts';
import { eraseEntry, type HistoryEntry, historyEntryOf, type PageEntry } from './order-history.ts';
import type { Stamped } from './stamp.ts';

/** The order after its newest event. Money is in minor units of `currency`. */
interface Order extends CustomerCopy {
  /** The order's id as a document id. */
  readonly id: string;
  /** The partition key: the same as the id. */
  readonly partition: string;
  /** Sorts the order page before the entries of its history, which are documents of their own: see `HistoryEntry`. */
  readonly sequence: 0;
  readonly orderId: string;
  readonly status: PublishedOrder['status'];
  readonly currency: string;
  readonly items: readonly {
    readonly line: number;
    readonly productId: string;
    readonly productName: string;
    readonly quantity: number;
    readonly price: MinorUnits;
  }[];
  readonly total: MinorUnits;
  readonly shippingAddress: PublishedOrder['shippingAddress'];
  /** ISO 8601 UTC; null in a draft. */
  readonly placedAt: string | null;
  /** ISO 8601 UTC; from the confirmation on, the warehouse sees the order. */
  readonly confirmedAt?: PublishedOrder['confirmedAt'];
  readonly tracking?: PublishedOrder['tracking'];
  /** Newest projected version. */
  readonly version: number;
  /** Timestamp of that version's event, ISO 8601 UTC. */
  readonly lastUpdated: string;
}

/**
 * The order page, read by its id. It holds the order after its newest event, and the first small entries of its history (`isOnPage`), sorted
 * by version. Nothing in it grows with the number of later changes.
 */
export type OrderDetails = Stamped<Order & { readonly history?: readonly Stamped<PageEntry>[] }>;

/** How a version of the projection maps events to the order page and its history. */
export interface OrderDetailsMapping {
  readonly version: number;
  readonly orderOf: (event: OrderEventEnvelope) => Order;
  readonly entryOf: (event: OrderEventEnvelope) => HistoryEntry;
}

/** The current mapping. */
export const ORDER_DETAILS_MAPPING: OrderDetailsMapping = {
  version: 3,
  orderOf: (event) => {
    const { customerEmail: _email, customerPhone: _phone, ...order } = withCustomerVersion(event.order);
    const id = documentId(order.orderId);
    return { id, partition: id, sequence: 0, ...order, version: event.version, lastUpdated: event.timestamp };
  },
  entryOf: historyEntryOf,
};

/** Returns the order page with a newer copy of the customer. For an erased customer, it also removes the address, the shipment and the texts in its history. */
export function withCustomer(document: OrderDetails, copy: CustomerCopy): OrderDetails {
  const named = { ...document, ...customerOf(copy) };
  if (!copy.customerErased) return named;
  const shippingAddress = named.shippingAddress && ERASED_ADDRESS;
  const tracking = named.tracking && { ...named.tracking, ...ERASED_SHIPMENT };
  const history = named.history?.map(eraseEntry);
  return { ...named, shippingAddress, ...(tracking && { tracking }), ...(history && { history }) };
}
