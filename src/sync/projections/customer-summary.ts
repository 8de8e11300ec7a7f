import { ORDER_STATUSES } from '../../shared/events/order-events.ts';
import { addExactly } from '../../shared/money.ts';
import {
  type CustomerSummary,
  type ListedOrder,
  type OrderSums,
  SUMMARY_ID,
} from '../../shared/read-models/customer-orders.ts';
import { laterOf } from '../../shared/read-models/later-of.ts';

/** Subtracts what an order contributed to the sums before, and adds what it contributes now. */
export function recount(
  summary: CustomerSummary,
  before: ListedOrder | undefined,
  after: ListedOrder,
): CustomerSummary {
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

/** The summary of a customer without any orders. */
export function newSummary(customerId: string, name: string, currency: string): CustomerSummary {
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
