import type { CustomerEventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { PublishedOrder } from '../../shared/events/order-events.ts';
import { reservationsOf } from '../../shared/orders/reservations.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import {
  type CustomerOrder,
  type CustomerSummary,
  type ListedOrder,
  type OrderSums,
  SUMMARY_ID,
} from '../../shared/read-models/customer-orders.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf, updatedBy } from '../../shared/read-models/later-of.ts';
import { firstWords, indexWords } from '../../shared/read-models/search-words.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import { newSummary, recount } from './customer-summary.ts';
import { type Documents, type Projection, replaced, type Target } from './projection.ts';

type Document = CustomerOrder | CustomerSummary;

/** How a version of the projection computes the sums. */
export interface OrderCounting {
  readonly version: number;
  /** What an order adds to its customer's sums. */
  readonly countedOf: (order: PublishedOrder) => OrderSums;
}

/**
 * The current counting: drafts count nothing; cancelled and refunded orders count as orders, but not in the amount spent. The credit
 * is what the orders reserve in the write model.
 */
export const ORDER_COUNTING: OrderCounting = {
  version: 3,
  countedOf: (order) => {
    const { placedAt, status, total } = order;
    if (placedAt === null) return { orders: 0, totalSpent: 0, ordersByStatus: {}, creditUsed: 0 };
    const isPaid = status !== 'cancelled' && status !== 'refunded';
    const creditUsed = reservationsOf(order).credit;
    return { orders: 1, totalSpent: isPaid ? total : 0, ordersByStatus: { [status]: 1 }, creditUsed };
  },
};

/**
 * Projects a customer's orders and their sums, so that each order is counted once, in its newest state. The summary has the entry of the order
 * that was placed last. The entry of any other order is a document of its own, and is written in one transactional batch with the summary.
 */
export function projectCustomerOrders(counting: OrderCounting): Projection<Document> {
  return {
    container: CUSTOMER_ORDERS,
    version: counting.version,

    targetsOf: (event) => {
      switch (event.aggregateType) {
        case 'Order':
          return [targetOf(event)];
        case 'Customer':
          return [{ partitionKey: event.aggregateId, ids: [SUMMARY_ID] }];
        default:
          return [];
      }
    },

    needsAll: (documents, event) => event.aggregateType === 'Order' && mayHaveEntry(documents, event),

    apply: (documents, event) => {
      switch (event.aggregateType) {
        case 'Order':
          return applyOrder(documents, event, counting);
        case 'Customer':
          return applyCustomer(documents, event, counting.version);
        default:
          return documents;
      }
    },
  };
}

export const customerOrders = projectCustomerOrders(ORDER_COUNTING);

function applyOrder(
  documents: Documents<Document>,
  event: OrderEventEnvelope,
  { version: projectionVersion, countedOf }: OrderCounting,
): Documents<Document> {
  const { order } = event;
  const id = documentId(order.orderId);
  const summary = summaryOf(documents) ?? newSummary(order.customerId, order.customerName, order.currency);
  const before = summary.last?.id === id ? summary.last : entryOf(documents, id);
  if (!supersedes(event, projectionVersion, before)) {
    return replaced(documents, summary, updatedBy(summary, event.timestamp));
  }
  const after: ListedOrder = {
    id,
    orderId: order.orderId,
    status: order.status,
    currency: order.currency,
    total: order.total,
    itemCount: order.items.length,
    placedAt: order.placedAt,
    counted: countedOf(order),
    sortKey: sortKey(order.placedAt, order.orderId),
    version: event.version,
    lastUpdated: event.timestamp,
    projectionVersion,
  };
  return withEntry(documents, recount(summary, before, after), after);
}

function targetOf({ aggregateId, order }: OrderEventEnvelope): Target {
  const id = documentId(aggregateId);
  return { partitionKey: order.customerId, ids: [id, SUMMARY_ID], unreadIds: [id] };
}

/** Whether an order may have a document of its own: unless it is the last one, or a new one that is placed after all that were counted. */
function mayHaveEntry(documents: Documents<Document>, { aggregateId, version, order }: OrderEventEnvelope): boolean {
  const { last, lastOrderAt = null } = summaryOf(documents) ?? {};
  if (last?.id === documentId(aggregateId)) return false;
  return version > 1 || order.placedAt === null || (lastOrderAt !== null && order.placedAt <= lastOrderAt);
}

/** Puts the entry of an order into the summary if it was placed last. The one that was there gets a document of its own. */
function withEntry(documents: Documents<Document>, summary: CustomerSummary, entry: ListedOrder): Documents<Document> {
  const { customerId, last } = summary;
  const toDocument = (order: ListedOrder): CustomerOrder => ({ type: 'order', customerId, ...order });
  const after = new Map(documents);
  if (entry.placedAt === null || (last !== undefined && entry.sortKey < last.sortKey)) {
    return after.set(entry.id, toDocument(entry)).set(SUMMARY_ID, summary);
  }
  after.delete(entry.id);
  if (last !== undefined && last.id !== entry.id) after.set(last.id, toDocument(last));
  const { status, sortKey: place } = entry;
  return after.set(SUMMARY_ID, { ...summary, last: entry, status, sortKey: place });
}

function applyCustomer(
  documents: Documents<Document>,
  event: CustomerEventEnvelope,
  projectionVersion: number,
): Documents<Document> {
  const { customerId, name, currency } = event.customer;
  const before = summaryOf(documents) ?? newSummary(customerId, name, currency);
  const after = withRegistration(withContact(before, event, projectionVersion), event);
  return replaced(documents, before, after);
}

/** Takes the contact details and the credit limit from the newest version of the customer. */
function withContact(
  before: CustomerSummary,
  event: CustomerEventEnvelope,
  projectionVersion: number,
): CustomerSummary {
  const { customerVersion } = before;
  if (!supersedes(event, projectionVersion, { ...before, version: customerVersion })) {
    return updatedBy(before, event.timestamp);
  }
  const { customerId, name, email, phone, currency, creditLimit } = event.customer;
  return {
    ...before,
    name,
    currency,
    account: { email, phone, creditLimit },
    words: firstWords([customerId, name, email, phone ?? ''].flatMap(indexWords)),
    customerVersion: event.version,
    version: before.version + event.version - customerVersion,
    lastUpdated: laterOf(before.lastUpdated, event.timestamp),
    projectionVersion,
  };
}

/** The first event of a customer has their place in lists. */
function withRegistration(before: CustomerSummary, event: CustomerEventEnvelope): CustomerSummary {
  if (event.eventType !== 'CustomerRegistered' || before.customerSortKey !== undefined) return before;
  return { ...before, customerSortKey: sortKey(event.timestamp, event.aggregateId) };
}

function entryOf(documents: Documents<Document>, id: string): ListedOrder | undefined {
  const entry = documents.get(id);
  return entry?.type === 'order' ? entry : undefined;
}

function summaryOf(documents: Documents<Document>): CustomerSummary | undefined {
  const summary = documents.get(SUMMARY_ID);
  return summary?.type === 'summary' ? summary : undefined;
}
