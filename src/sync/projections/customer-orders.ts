import type { EventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { ORDER_STATUSES, type PublishedOrder } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import {
  type CustomerOrder,
  type CustomerSummary,
  type OrderSums,
  SUMMARY_ID,
} from '../../shared/read-models/customer-orders.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf } from '../../shared/read-models/later-of.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import type { Documents, Projection } from './projection.ts';

type Document = CustomerOrder | CustomerSummary;

/** How a version of the projection computes the sums. */
export interface OrderCounting {
  readonly version: number;
  /** What an order adds to its customer's sums. */
  readonly countedOf: (order: PublishedOrder) => OrderSums;
}

/** The current counting: drafts count nothing; cancelled and refunded orders count as orders, but not in the amount spent. */
export const ORDER_COUNTING: OrderCounting = {
  version: 1,
  countedOf: ({ placedAt, status, total }) => {
    if (placedAt === null) return { orders: 0, totalSpent: 0, ordersByStatus: {} };
    const isPaid = status !== 'cancelled' && status !== 'refunded';
    return { orders: 1, totalSpent: isPaid ? total : 0, ordersByStatus: { [status]: 1 } };
  },
};

/**
 * Projects a customer's orders and their sums. The summary is written in one transactional batch with the entry of the counted order,
 * so that each order is counted once, in its newest state.
 */
export function projectCustomerOrders(counting: OrderCounting): Projection<Document> {
  return {
    container: CUSTOMER_ORDERS,
    version: counting.version,

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
          return applyOrder(documents, event, counting);
        case 'Customer':
          return applyCustomer(documents, event, counting.version);
        case 'Product':
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
  const held = documents.get(id);
  const before = held?.type === 'order' ? held : undefined;
  if (!supersedes(event, projectionVersion, before)) return documents;
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
    counted: countedOf(order),
    sortKey: sortKey(order.placedAt, order.orderId),
    version: event.version,
    lastUpdated: event.timestamp,
    projectionVersion,
  };
  const summary = summaryOf(documents) ?? newSummary(order.customerId, order.customerName, order.currency);
  return new Map([...documents, [id, after], [SUMMARY_ID, recount(summary, before, after)]]);
}

/** Subtracts what an order contributed to the sums before, and adds what it contributes now. */
function recount(summary: CustomerSummary, before: CustomerOrder | undefined, after: CustomerOrder): CustomerSummary {
  const placed = [summary.firstOrderAt, summary.lastOrderAt, after.placedAt].filter((time) => time !== null).sort();
  const without = before === undefined ? summary : addSums(summary, before.counted, -1);
  return {
    ...summary,
    ...addSums(without, after.counted, 1),
    firstOrderAt: placed[0] ?? null,
    lastOrderAt: placed.at(-1) ?? null,
    version: summary.version + after.version - (before?.version ?? 0),
    lastUpdated: laterOf(summary.lastUpdated, after.lastUpdated),
  };
}

function addSums(sums: OrderSums, { orders, totalSpent, ordersByStatus }: OrderSums, sign: 1 | -1): OrderSums {
  const counts = ORDER_STATUSES.map((status) => {
    const count = (sums.ordersByStatus[status] ?? 0) + sign * (ordersByStatus[status] ?? 0);
    return [status, count] as const;
  });
  return {
    orders: sums.orders + sign * orders,
    totalSpent: addExactly(sums.totalSpent, totalSpent, sign),
    ordersByStatus: Object.fromEntries(counts.filter(([, count]) => count !== 0)),
  };
}

/** Takes the name and currency from the newest version of the customer. */
function applyCustomer(
  documents: Documents<Document>,
  event: EventEnvelope & { readonly aggregateType: 'Customer' },
  projectionVersion: number,
): Documents<Document> {
  const { customerId, name, currency } = event.customer;
  const summary = summaryOf(documents) ?? newSummary(customerId, name, currency);
  const { customerVersion } = summary;
  if (!supersedes(event, projectionVersion, { ...summary, version: customerVersion })) return documents;
  const after: CustomerSummary = {
    ...summary,
    name,
    currency,
    customerVersion: event.version,
    version: summary.version + event.version - customerVersion,
    lastUpdated: laterOf(summary.lastUpdated, event.timestamp),
    projectionVersion,
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
