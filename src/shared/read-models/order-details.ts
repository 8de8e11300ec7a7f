import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../personal-data/placeholders.ts';
import { type CustomerCopy, customerOf, withCustomerVersion } from './customer-copy.ts';
import { documentId } from './document-id.ts';
import { type Stamped, supersedes } from './stamp.ts';

/** An entry in the history of an order: one per event, with the version of the projection that wrote it. */
export type HistoryEntry = Stamped<{
  readonly version: number;
  readonly eventType: OrderEventEnvelope['eventType'];
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly userId: string;
  /** The event's data, with money in minor units. */
  readonly data: OrderEventEnvelope['data'];
}>;

/** The order after its newest event. Money is in minor units of `currency`. */
interface Order extends CustomerCopy {
  /** The order's id as a document id; also the partition key. */
  readonly id: string;
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
  readonly tracking?: PublishedOrder['tracking'];
  /** Newest projected version. */
  readonly version: number;
  /** Timestamp of that version's event, ISO 8601 UTC. */
  readonly lastUpdated: string;
}

/** The order page: one document per order, read by its id. */
export interface OrderDetails extends Stamped<Order> {
  /** Sorted by version, one entry each, in any order of arrival. */
  readonly history: readonly HistoryEntry[];
}

/** How a version of the projection maps events to the order page. */
export interface OrderDetailsMapping {
  readonly version: number;
  readonly orderOf: (event: OrderEventEnvelope) => Order;
  readonly entryOf: (event: OrderEventEnvelope) => HistoryEntry;
}

/** The current mapping. */
export const ORDER_DETAILS_MAPPING: OrderDetailsMapping = {
  version: 2,
  orderOf: (event) => {
    const {
      customerEmail: _email,
      customerPhone: _phone,
      confirmedAt: _confirmedAt,
      ...order
    } = withCustomerVersion(event.order);
    return { id: documentId(order.orderId), ...order, version: event.version, lastUpdated: event.timestamp };
  },
  entryOf: ({ version, eventType, timestamp, metadata, data }) => ({
    version,
    eventType,
    timestamp,
    userId: metadata.userId,
    data,
  }),
};

/**
 * Applies an event to the order page, in any order of arrival: the newest version determines the order, and every version adds one
 * history entry. A replayed event replaces what an older version of the projection made of it. Returns the same object for an event
 * that was already applied.
 */
export function applyOrderEvent(
  document: OrderDetails | undefined,
  event: OrderEventEnvelope,
  { version: projectionVersion, orderOf, entryOf }: OrderDetailsMapping,
): OrderDetails {
  const isNewer = supersedes(event, projectionVersion, document);
  const entries = document?.history ?? [];
  const entry = entries.find(({ version }) => version === event.version);
  const isNewEntry = supersedes(event, projectionVersion, entry);
  if (document !== undefined && !isNewer && !isNewEntry) return document;
  const others = entries.filter(({ version }) => version !== event.version);
  const history = isNewEntry
    ? [...others, { ...entryOf(event), projectionVersion }].sort((a, b) => a.version - b.version)
    : entries;
  if (document !== undefined && !isNewer) return { ...document, history };
  return { ...orderOf(event), history, projectionVersion };
}

/**
 * Returns the order page with a newer copy of the customer. For an erased customer, it also removes addresses, shipments and reasons,
 * including those in the history.
 */
export function withCustomer(document: OrderDetails, copy: CustomerCopy): OrderDetails {
  const named = { ...document, ...customerOf(copy) };
  if (!copy.customerErased) return named;
  const shippingAddress = named.shippingAddress && ERASED_ADDRESS;
  const tracking = named.tracking && { ...named.tracking, ...ERASED_SHIPMENT };
  return { ...named, shippingAddress, ...(tracking && { tracking }), history: named.history.map(withoutPersonalData) };
}

function withoutPersonalData(entry: HistoryEntry): HistoryEntry {
  const { data } = entry;
  if ('reason' in data) return { ...entry, data: { ...data, reason: ERASED } };
  if ('trackingNumber' in data) return { ...entry, data: { ...data, ...ERASED_SHIPMENT } };
  if (!('shippingAddress' in data) || data.shippingAddress === null) return entry;
  return { ...entry, data: { ...data, shippingAddress: ERASED_ADDRESS } };
}
