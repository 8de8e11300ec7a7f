import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { OrderStatus, PublishedOrder } from '../events/order-events.ts';
import { ERASED, ERASED_ADDRESS, ERASED_SHIPMENT } from '../personal-data/placeholders.ts';
import { documentId } from './document-id.ts';
import type { Stamped } from './stamp.ts';

/**
 * One entry in the history of an order: what one event changed. Each entry is a document of its own, in the logical partition of the
 * order page, so that no document grows with the number of changes: an entry is smaller than its event.
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

/** Returns the entry without the personal data of its erased customer, and the same object when it never had any. */
export function eraseEntry(entry: HistoryEntry): HistoryEntry {
  const data = erasedData(entry);
  return data === undefined ? entry : { ...entry, customerErased: true, data };
}

/** True when the entry's event has personal data, erased or not. */
export const hasPersonalData = (entry: HistoryEntry): boolean => erasedData(entry) !== undefined;

/** The data without addresses, shipments and free texts; undefined when it has none of them. */
function erasedData({ eventType, data }: HistoryEntry): HistoryEntry['data'] | undefined {
  if (eventType === 'OrderExpired') return undefined;
  if ('reason' in data) return { ...data, reason: ERASED };
  if ('trackingNumber' in data) return { ...data, ...ERASED_SHIPMENT };
  if (!('shippingAddress' in data) || data.shippingAddress === null) return undefined;
  return { ...data, shippingAddress: ERASED_ADDRESS };
}
