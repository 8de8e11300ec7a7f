import { createHash } from 'node:crypto';
import type { MinorUnits } from '../money.ts';
import type { Stamped } from './stamp.ts';

interface InBucket {
  readonly id: string;
  /** Day, currency and part: the logical partition. */
  readonly bucket: string;
}

/** What a day's total adds up over its orders. */
export interface OrderSales {
  readonly orders: number;
  readonly revenue: MinorUnits;
  readonly cancelled: MinorUnits;
  readonly refunded: MinorUnits;
}

/** Sums of one part of a day in one currency. */
export interface DayTotal extends InBucket, OrderSales {
  readonly type: 'total';
  /** The UTC day on which the orders were placed, YYYY-MM-DD. */
  readonly date: string;
  readonly currency: string;
  readonly uniqueCustomers: number;
  /** Versions of all its orders added up: grows with every change. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** The proof that an order was counted, and up to which version. */
export interface CountedOrder extends Stamped<InBucket> {
  readonly type: 'order';
  /** What the total holds of it: just this is taken from it when the order changes, or is counted in another way. */
  readonly counted: OrderSales;
  readonly version: number;
}

/** The proof that a customer was counted on this day. */
export interface CountedCustomer extends InBucket {
  readonly type: 'customer';
}

export type SalesDocument = DayTotal | CountedOrder | CountedCustomer;

/** No order's document can have this id. */
export const TOTAL_ID = '!total';

/** Parts of a day: so many logical partitions share the writes of one day and currency. */
const PARTS = 8;

/** The bucket of a customer's orders on a day. All of one customer's are in one, so unique customers add up over the buckets. */
export function bucketOf(date: string, currency: string, customerId: string): string {
  const part = createHash('sha256').update(customerId).digest().readUInt8() % PARTS;
  return `${date}|${currency}|${part}`;
}
