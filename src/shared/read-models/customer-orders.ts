import type { OrderStatus } from '../events/order-events.ts';
import type { MinorUnits } from '../money.ts';
import type { Stamped } from './stamp.ts';

/** What a summary adds up. */
export interface OrderSums {
  readonly orders: number;
  readonly totalSpent: MinorUnits;
  readonly ordersByStatus: Readonly<Partial<Record<OrderStatus, number>>>;
}

/** A customer's order in their list; also the proof of what the summary has counted of it. */
export type CustomerOrder = Stamped<{
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
  /** What the sums hold of it: just this is taken from them when the order changes, or is counted in another way. */
  readonly counted: OrderSums;
  /** Of the order. */
  readonly version: number;
  readonly lastUpdated: string;
}>;

/** A customer's sums over all submitted orders; cancelled and refunded ones are orders, but nothing was spent on them. */
export interface CustomerSummary extends Stamped<OrderSums> {
  readonly type: 'summary';
  readonly id: typeof SUMMARY_ID;
  readonly customerId: string;
  /** Name and currency are known once the customer's own events, or an order, have arrived. */
  readonly name: string;
  readonly currency: string;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  /** Newest version of the customer that was seen. */
  readonly customerVersion: number;
  /** Grows with every change: the customer's version and those of all orders added up. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** No order's document can have this id. */
export const SUMMARY_ID = '!summary';
