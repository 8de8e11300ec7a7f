import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { PublishedOrder } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import { ERASED, ERASED_ADDRESS } from '../personal-data/placeholders.ts';
import { type CustomerCopy, customerOf, withCopy } from './customer-copy.ts';
import { documentId } from './document-id.ts';
import { type Stamped, supersedes } from './stamp.ts';

/** What happened to an order: one entry an event, each made by some version of the projection. */
export type HistoryEntry = Stamped<{
  readonly version: number;
  readonly eventType: OrderEventEnvelope['eventType'];
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly userId: string;
  /** The event's data, money in minor units. */
  readonly data: OrderEventEnvelope['data'];
}>;

/** The order as its newest event gives it. Money in minor units of `currency`. */
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
  /** Newest version seen. */
  readonly version: number;
  /** Timestamp of that version's event, ISO 8601 UTC. */
  readonly lastUpdated: string;
}

/** The order page: one document per order, read by its id. */
export interface OrderDetails extends Stamped<Order> {
  /** By version, each once, whatever the order of arrival. */
  readonly history: readonly HistoryEntry[];
}

/** What an order page is made of, in a version of the projection. */
export interface OrderPage {
  readonly version: number;
  readonly orderOf: (event: OrderEventEnvelope) => Order;
  readonly entryOf: (event: OrderEventEnvelope) => HistoryEntry;
}

/** The order page of today. */
export const ORDER_PAGE: OrderPage = {
  version: 1,
  orderOf: (event) => {
    const { customerEmail: _email, customerPhone: _phone, confirmedAt: _confirmedAt, ...order } = withCopy(event.order);
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
 * The order page after an event, whatever the order of arrival: the newest version gives the order, every version one entry of
 * the history. What an older version of the projection has made is replaced by its event when that comes again. Returns the same
 * object for an event that is in it already.
 */
export function applyOrderEvent(
  document: OrderDetails | undefined,
  event: OrderEventEnvelope,
  { version: projectionVersion, orderOf, entryOf }: OrderPage,
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

/** The order page with a newer copy of the customer; when the customer is erased, without addresses and reasons, in the history neither. */
export function withCustomer(document: OrderDetails, copy: CustomerCopy): OrderDetails {
  const named = { ...document, ...customerOf(copy) };
  if (!copy.customerErased) return named;
  const shippingAddress = named.shippingAddress && ERASED_ADDRESS;
  return { ...named, shippingAddress, history: named.history.map(withoutPerson) };
}

function withoutPerson(entry: HistoryEntry): HistoryEntry {
  const { data } = entry;
  if ('reason' in data) return { ...entry, data: { ...data, reason: ERASED } };
  if (!('shippingAddress' in data) || data.shippingAddress === null) return entry;
  return { ...entry, data: { ...data, shippingAddress: ERASED_ADDRESS } };
}
