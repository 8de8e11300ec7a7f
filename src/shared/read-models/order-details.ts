import type { OrderEventEnvelope } from '../events/envelope.ts';
import type { OrderSnapshot } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import { documentId } from './document-id.ts';

/** What happened to an order, one entry an event. */
export interface HistoryEntry {
  readonly version: number;
  readonly eventType: OrderEventEnvelope['eventType'];
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly userId: string;
  /** The event's data, money in minor units. */
  readonly data: OrderEventEnvelope['data'];
}

/** The order page: one document per order, read by its id. Money in minor units of `currency`. */
export interface OrderDetails {
  /** The order's id as a document id; also the partition key. */
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly status: OrderSnapshot['status'];
  readonly currency: string;
  readonly items: readonly {
    readonly line: number;
    readonly productId: string;
    readonly productName: string;
    readonly quantity: number;
    readonly price: MinorUnits;
  }[];
  readonly total: MinorUnits;
  readonly shippingAddress: OrderSnapshot['shippingAddress'];
  /** ISO 8601 UTC; null in a draft. */
  readonly placedAt: string | null;
  readonly tracking?: OrderSnapshot['tracking'];
  /** By version, each once, whatever the order of arrival. */
  readonly history: readonly HistoryEntry[];
  /** Newest version seen. */
  readonly version: number;
  /** Timestamp of that version's event, ISO 8601 UTC. */
  readonly lastUpdated: string;
}

/**
 * The order page after an event, whatever the order of arrival: the newest version gives the order, every version one entry of
 * the history. Returns the same object for an event that is in it already.
 */
export function applyOrderEvent(document: OrderDetails | undefined, event: OrderEventEnvelope): OrderDetails {
  const history = document?.history ?? [];
  if (document !== undefined && history.some(({ version }) => version === event.version)) return document;
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
}

function toHistory({ version, eventType, timestamp, metadata, data }: OrderEventEnvelope): HistoryEntry {
  return { version, eventType, timestamp, userId: metadata.userId, data };
}
