import type { CustomerEventEnvelope, OrderEventEnvelope } from '../../shared/events/envelope.ts';
import { ORDER_STATUSES, type PublishedOrder } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import { reservationsOf } from '../../shared/orders/reservations.ts';
import { CUSTOMER_ORDERS } from '../../shared/read-models/containers.ts';
import {
  type CustomerOrder,
  type CustomerSummary,
  type OrderSums,
  SUMMARY_ID,
} from '../../shared/read-models/customer-orders.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { laterOf, updatedBy } from '../../shared/read-models/later-of.ts';
import { firstWords, indexWords } from '../../shared/read-models/search-words.ts';
import { sortKey } from '../../shared/read-models/sort-key.ts';
import { supersedes } from '../../shared/read-models/stamp.ts';
import { type Documents, type Projection, replaced } from './projection.ts';

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
  version: 2,
  countedOf: (order) => {
    const { placedAt, status, total } = order;
    if (placedAt === null) return { orders: 0, totalSpent: 0, ordersByStatus: {}, creditUsed: 0 };
    const isPaid = status !== 'cancelled' && status !== 'refunded';
    const creditUsed = reservationsOf(order).credit;
    return { orders: 1, totalSpent: isPaid ? total : 0, ordersByStatus: { [status]: 1 }, creditUsed };
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

    targetsOf: (event) => {
      switch (event.aggregateType) {
        case 'Order':
          return [{ partitionKey: event.order.customerId, ids: [documentId(event.aggregateId), SUMMARY_ID] }];
        case 'Customer':
          return [{ partitionKey: event.aggregateId, ids: [SUMMARY_ID] }];
        default:
          return [];
      }
    },

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
  const held = documents.get(id);
  const before = held?.type === 'order' ? held : undefined;
  const summary = summaryOf(documents) ?? newSummary(order.customerId, order.customerName, order.currency);
  if (!supersedes(event, projectionVersion, before)) {
    return replaced(documents, summary, updatedBy(summary, event.timestamp));
  }
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

function addSums(sums: OrderSums, added: OrderSums, sign: 1 | -1): OrderSums {
  const { orders, totalSpent, ordersByStatus, creditUsed = 0 } = added;
  const counts = ORDER_STATUSES.map((status) => {
    const count = (sums.ordersByStatus[status] ?? 0) + sign * (ordersByStatus[status] ?? 0);
    return [status, count] as const;
  });
  return {
    orders: sums.orders + sign * orders,
    totalSpent: addExactly(sums.totalSpent, totalSpent, sign),
    ordersByStatus: Object.fromEntries(counts.filter(([, count]) => count !== 0)),
    creditUsed: addExactly(sums.creditUsed ?? 0, creditUsed, sign),
  };
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
    creditUsed: 0,
    customerVersion: 0,
    version: 0,
    lastUpdated: '',
  };
}
