import type { EventEnvelope, OrderEventEnvelope } from '../shared/events/envelope.ts';
import { CUSTOMER_ORDERS } from '../shared/read-models/containers.ts';
import { type CustomerOrder, type CustomerSummary, SUMMARY_ID } from '../shared/read-models/customer-orders.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { laterOf } from '../shared/read-models/later-of.ts';
import { sortKey } from '../shared/read-models/sort-key.ts';
import type { Documents, Projection } from './projection.ts';
import { registerProjection } from './register-projection.ts';

type Document = CustomerOrder | CustomerSummary;

/**
 * A customer's orders and their sums. The summary changes together with the entry of the order that was counted, so that each
 * order is counted once, in its newest state.
 */
export const customerOrders: Projection<Document> = {
  container: CUSTOMER_ORDERS,

  targetOf: (event) => {
    switch (event.aggregateType) {
      case 'Order':
        return { partitionKey: event.order.customerId, ids: [documentId(event.aggregateId), SUMMARY_ID] };
      case 'Customer':
        return { partitionKey: event.aggregateId, ids: [SUMMARY_ID] };
      case 'Product':
        return undefined;
    }
  },

  apply: (documents, event) => {
    switch (event.aggregateType) {
      case 'Order':
        return applyOrder(documents, event);
      case 'Customer':
        return applyCustomer(documents, event);
      case 'Product':
        return documents;
    }
  },
};

function applyOrder(documents: Documents<Document>, event: OrderEventEnvelope): Documents<Document> {
  const { order } = event;
  const id = documentId(order.orderId);
  const counted = documents.get(id);
  const before = counted?.type === 'order' ? counted : undefined;
  if (before !== undefined && before.version >= event.version) return documents;
  const after: CustomerOrder = {
    type: 'order',
    id,
    customerId: order.customerId,
    orderId: order.orderId,
    status: order.status,
    currency: order.currency,
    total: order.total,
    itemCount: order.items.length,
    placedAt: order.placedAt,
    sortKey: sortKey(order.placedAt, order.orderId),
    version: event.version,
    lastUpdated: event.timestamp,
  };
  const summary = summaryOf(documents) ?? newSummary(order.customerId, order.customerName, order.currency);
  return new Map([...documents, [id, after], [SUMMARY_ID, recount(summary, before, after)]]);
}

/** The sums without what was counted of an order before, and with what counts now. */
function recount(summary: CustomerSummary, before: CustomerOrder | undefined, after: CustomerOrder): CustomerSummary {
  const ordersByStatus = { ...summary.ordersByStatus };
  if (before !== undefined && before.placedAt !== null) {
    ordersByStatus[before.status] = (ordersByStatus[before.status] ?? 0) - 1;
    if (ordersByStatus[before.status] === 0) delete ordersByStatus[before.status];
  }
  if (after.placedAt !== null) ordersByStatus[after.status] = (ordersByStatus[after.status] ?? 0) + 1;
  const placed = [summary.firstOrderAt, summary.lastOrderAt, after.placedAt].filter((time) => time !== null).sort();
  return {
    ...summary,
    orders: summary.orders + (isPlaced(after) - isPlaced(before)),
    totalSpent: summary.totalSpent + spentOn(after) - spentOn(before),
    ordersByStatus,
    firstOrderAt: placed[0] ?? null,
    lastOrderAt: placed.at(-1) ?? null,
    version: summary.version + after.version - (before?.version ?? 0),
    lastUpdated: laterOf(summary.lastUpdated, after.lastUpdated),
  };
}

const isPlaced = (order: CustomerOrder | undefined): number => (order !== undefined && order.placedAt !== null ? 1 : 0);

function spentOn(order: CustomerOrder | undefined): number {
  if (order === undefined || order.placedAt === null) return 0;
  return order.status === 'cancelled' || order.status === 'refunded' ? 0 : order.total;
}

/** Name and currency of the customer's newest version. */
function applyCustomer(
  documents: Documents<Document>,
  event: EventEnvelope & { readonly aggregateType: 'Customer' },
): Documents<Document> {
  const { customerId, name, currency } = event.customer;
  const summary = summaryOf(documents) ?? newSummary(customerId, name, currency);
  if (summary.customerVersion >= event.version) return documents;
  const after: CustomerSummary = {
    ...summary,
    name,
    currency,
    customerVersion: event.version,
    version: summary.version + event.version - summary.customerVersion,
    lastUpdated: laterOf(summary.lastUpdated, event.timestamp),
  };
  return new Map([...documents, [SUMMARY_ID, after]]);
}

function summaryOf(documents: Documents<Document>): CustomerSummary | undefined {
  const summary = documents.get(SUMMARY_ID);
  return summary?.type === 'summary' ? summary : undefined;
}

function newSummary(customerId: string, name: string, currency: string): CustomerSummary {
  return {
    type: 'summary',
    id: SUMMARY_ID,
    customerId,
    name,
    currency,
    orders: 0,
    totalSpent: 0,
    firstOrderAt: null,
    lastOrderAt: null,
    ordersByStatus: {},
    customerVersion: 0,
    version: 0,
    lastUpdated: '',
  };
}

registerProjection('projectCustomerOrders', 'customer-orders', customerOrders);
