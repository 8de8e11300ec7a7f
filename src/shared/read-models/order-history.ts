import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { OrderStatus, PublishedOrder } from '../events/order-events.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../personal-data/placeholders.ts';
import { documentId } from './document-id.ts';
import type { Stamped } from './stamp.ts';

/**
 * One entry in the history of an order: what one event changed. The first entries are on the order page. All others are documents of their
 * own, in the logical partition of the page, so that no document grows with the number of changes: an entry is smaller than its event.
 */
export type HistoryEntry = Stamped<{
  readonly type: 'history';
  /** See `historyId`. */
  readonly id: string;
  /** The partition key: the order's id as a document id. */
  readonly partition: string;
  /** Sorts the documents of an order: the order page has 0, an entry its version. */
  readonly sequence: number;
  readonly customerId: string;
  /** Present once the customer is erased and the entry had personal data. */
  readonly customerErased?: true;
  readonly orderId: string;
  readonly version: number;
  readonly eventType: OrderEventEnvelope['eventType'];
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly userId: string;
  /** The order's status after the event. */
  readonly status: OrderStatus;
  /** When the order was confirmed, ISO 8601 UTC. Absent when it was not confirmed at the time of the event. */
  readonly confirmedAt?: PublishedOrder['confirmedAt'];
  /** The event's data, with money in minor units. */
  readonly data: OrderEventEnvelope['data'];
}>;

/** An entry on the order page, which has the ids and the customer. */
export type PageEntry = Omit<
  HistoryEntry,
  'type' | 'id' | 'partition' | 'sequence' | 'customerId' | 'orderId' | 'confirmedAt'
>;

/** The newest version whose entry is on the page. Most orders have fewer. */
const MAX_PAGE_VERSION = 8;
/** Maximum lines of an order whose entries are on the page, so that a page which is read often is small. */
const MAX_PAGE_LINES = 10;

/**
 * Whether the entry of a version is on the order page.
 * @param lines of the order after that version
 */
export const isOnPage = (version: number, lines: number): boolean =>
  version <= MAX_PAGE_VERSION && lines <= MAX_PAGE_LINES;

/** The entry as it is on the page. */
export function toPageEntry(entry: HistoryEntry): PageEntry {
  const { type: _, id: _id, partition: _partition, sequence: _sequence, orderId: _order, ...rest } = entry;
  const { customerId: _customer, confirmedAt: _confirmedAt, ...pageEntry } = rest;
  return pageEntry;
}

/** An entry of the page in the form of all others. */
export function fromPageEntry(
  entry: PageEntry,
  page: Pick<HistoryEntry, 'orderId' | 'customerId' | 'partition'>,
): HistoryEntry {
  const { orderId, customerId, partition } = page;
  const { version: sequence } = entry;
  return { type: 'history', id: historyId(sequence), partition, sequence, orderId, customerId, ...entry };
}

/** The id of an entry in the partition of its order. It cannot collide with the order page, because a document id has no `!`. */
export const historyId = (version: number): string => `!${version}`;

/** The history entry of an event. */
export function historyEntryOf({
  version,
  eventType,
  timestamp,
  metadata,
  data,
  order,
}: OrderEventEnvelope): HistoryEntry {
  const { orderId, customerId, status, confirmedAt } = order;
  return {
    type: 'history',
    id: historyId(version),
    partition: documentId(orderId),
    sequence: version,
    orderId,
    customerId,
    version,
    eventType,
    timestamp,
    userId: metadata.userId,
    status,
    ...(confirmedAt !== undefined && { confirmedAt }),
    data,
  };
}

/** Returns the entry without the personal data of its erased customer, and the same object when it never had any or is erased already. */
export function eraseEntry<Entry extends PageEntry>(entry: Entry): Entry {
  if (entry.customerErased) return entry;
  const data = erasedData(entry);
  return data === undefined ? entry : { ...entry, customerErased: true, data };
}

/** True when the entry's event has personal data, erased or not. */
export const hasPersonalData = (entry: HistoryEntry): boolean => erasedData(entry) !== undefined;

/** The data without addresses, shipments and free texts; undefined when it has none of them. */
function erasedData({ eventType, data }: PageEntry): HistoryEntry['data'] | undefined {
  if (eventType === 'OrderExpired') return undefined;
  if ('reason' in data) return { ...data, reason: ERASED };
  if ('trackingNumber' in data) return { ...data, ...ERASED_SHIPMENT };
  if (!('shippingAddress' in data) || data.shippingAddress === null) return undefined;
  return { ...data, shippingAddress: ERASED_ADDRESS };
}
