import { createHash } from 'node:crypto';
import type { ExactSum } from '../money.ts';
import type { Stamped } from './stamp.ts';

interface InBucket {
  readonly id: string;
  /** Day, currency and part: the logical partition. */
  readonly bucket: string;
}

/** The sums over the orders of a day. */
export interface OrderSales {
  readonly orders: number;
  readonly revenue: ExactSum;
  readonly cancelled: ExactSum;
  readonly refunded: ExactSum;
}

/** Sums of one part of a day in one currency. */
export interface DayTotal extends InBucket, OrderSales {
  readonly type: 'total';
  /** The UTC day on which the orders were placed, YYYY-MM-DD. */
  readonly date: string;
  readonly currency: string;
  readonly uniqueCustomers: number;
  /** Sum of the versions of all orders, so that it increases with every change. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** What was counted of an order, and in which version. */
export type CountedSales = Stamped<{
  /** The order's id as a document id. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly placedAt: string;
  /** The order's contribution to the total, which is subtracted when the order or the way of counting changes. */
  readonly counted: OrderSales;
  readonly version: number;
}>;

/** Records that an order was counted that is not its customer's last one of the day. */
export type CountedOrder = InBucket & CountedSales & { readonly type: 'order' };

/** Records that a customer was counted on this day, and their last order of the day. */
export interface CountedCustomer extends InBucket {
  readonly type: 'customer';
  /** Absent in documents of version 1 of the projection. */
  readonly last?: CountedSales;
}

export type SalesDocument = DayTotal | CountedOrder | CountedCustomer;

/** Cannot collide with an order's document, because a document id has no `!`. */
export const TOTAL_ID = '!total';

/** Number of logical partitions that share the writes of one day and currency, to avoid a hot partition. */
const PARTS = 8;

/** The bucket of a customer's orders on a day. Each customer has only one, so unique customers can be summed over the buckets. */
export function bucketOf(date: string, currency: string, customerId: string): string {
  const part = createHash('sha256').update(customerId).digest().readUInt8() % PARTS;
  return `${date}|${currency}|${part}`;
}
