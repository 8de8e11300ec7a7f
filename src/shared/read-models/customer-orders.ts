import type { OrderStatus } from '../events/order-events.ts';
import type { ExactSum, MinorUnits } from '../money.ts';
import type { Stamped } from './stamp.ts';

/** The sums over a customer's orders. */
export interface OrderSums {
  readonly orders: number;
  readonly totalSpent: ExactSum;
  readonly ordersByStatus: Readonly<Partial<Record<OrderStatus, number>>>;
  /** Credit that the orders reserve, in minor units. Absent in documents of version 1 of the projection. */
  readonly creditUsed?: ExactSum;
}

/** What the list of a customer's orders shows of an order. It also records what the summary has counted for the order. */
export type ListedOrder = Stamped<{
  /** The order's id as a document id. */
  readonly id: string;
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly currency: string;
  readonly total: MinorUnits;
  /** Number of lines. */
  readonly itemCount: number;
  /** ISO 8601 UTC; null in a draft. */
  readonly placedAt: string | null;
  /** Lists sort by it in descending order: drafts first, then newest first. */
  readonly sortKey: string;
  /** The order's contribution to the sums, which is subtracted when the order or the way of counting changes. */
  readonly counted: OrderSums;
  /** Version of the order. */
  readonly version: number;
  readonly lastUpdated: string;
}>;

/** The entry of an order in the list, as a document of its own. */
export type CustomerOrder = ListedOrder & { readonly type: 'order'; readonly customerId: string };

/** What only the customer's own events say. */
export interface CustomerAccount {
  readonly email: string;
  readonly phone: string | null;
  readonly creditLimit: MinorUnits;
}

/** A customer's sums over all submitted orders. Cancelled and refunded orders count as orders, but not in the amount spent. */
export interface CustomerSummary extends Stamped<OrderSums> {
  readonly type: 'summary';
  readonly id: typeof SUMMARY_ID;
  readonly customerId: string;
  /** Name and currency come from the customer's events, or from the first order that is projected before them. */
  readonly name: string;
  readonly currency: string;
  /** From the same event as the name. Absent before the first event of the customer. */
  readonly account?: CustomerAccount;
  /** Words of the id, the name and the contact details, as `indexWords` returns them. Present together with `account`. */
  readonly words?: readonly string[];
  /** The list of customers sorts by it in descending order: newest first. Absent until `CustomerRegistered` has arrived. */
  readonly customerSortKey?: string;
  /**
   * The order that was placed last, which has no document of its own: its events, which are the majority, change only the summary. Absent
   * before the first order.
   */
  readonly last?: ListedOrder;
  /** Those of the last order, so that the list of orders finds it. */
  readonly status?: OrderStatus;
  readonly sortKey?: string;
  readonly firstOrderAt: string | null;
  readonly lastOrderAt: string | null;
  /** Newest projected version of the customer. */
  readonly customerVersion: number;
  /** Sum of the customer's version and the versions of all orders, so that it increases with every change. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** Cannot collide with an order's document, because a document id has no `!`. */
export const SUMMARY_ID = '!summary';
