import type { OrderStatus } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';

/** A customer's order in their list; also the proof of what the summary has counted of it. */
export interface CustomerOrder {
  readonly type: 'order';
  readonly id: string;
  readonly customerId: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: MinorUnits;
  /** Lines. */
  readonly itemCount: number;
  /** ISO 8601 UTC; null in a draft. */
  readonly placedAt: string | null;
  /** Descending: newest first, drafts before all. */
  readonly sortKey: string;
  /** Of the order. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** A customer's sums over all submitted orders; cancelled and refunded ones are orders, but nothing was spent on them. */
export interface CustomerSummary {
  readonly type: 'summary';
  readonly id: typeof SUMMARY_ID;
  readonly customerId: string;
  /** Name and currency are known once the customer's own events, or an order, have arrived. */
  readonly name: string;
  readonly currency: string;
  readonly orders: number;
  readonly totalSpent: MinorUnits;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  readonly ordersByStatus: Readonly<Partial<Record<OrderStatus, number>>>;
  /** Newest version of the customer that was seen. */
  readonly customerVersion: number;
  /** Grows with every change: the customer's version and those of all orders added up. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** No order's document can have this id. */
export const SUMMARY_ID = '!summary';
