import { createHash } from 'node:crypto';
import type { ExactSum } from '../money.ts';
import type { Stamped } from './stamp.ts';

/** Maximum windows in one response: a day. */
export const MAX_MINUTES = 1_440;

/**
 * How long after `placedAt` (ms) an order is still counted: as long as a response can show its minute, and an hour more, because clocks
 * differ. An order that arrives later, such as one that was imported with an old `placedAt`, is only in `sales_daily`.
 */
export const COUNTED_FOR_MS = (MAX_MINUTES + 60) * 60_000;

interface InBucket {
  readonly id: string;
  /** Hour and part: the logical partition. */
  readonly bucket: string;
}

/** What an order adds to the minute in which it was placed. */
export interface PlacedSales {
  readonly orders: number;
  readonly revenue: ExactSum;
}

/** A window: the sums over the orders that were placed in one minute in one currency. */
export interface MinuteSales extends PlacedSales {
  /** Sum of the versions of all orders, so that it increases with every change. */
  readonly version: number;
  readonly lastUpdated: string;
}

/** The windows of one part of an hour. */
export interface HourWindows extends InBucket {
  readonly type: 'windows';
  /** UTC, YYYY-MM-DDTHH. */
  readonly hour: string;
  /** By `windowOf`. A minute without orders has no window. */
  readonly windows: Readonly<Record<string, MinuteSales>>;
  /** Sum of the versions of all orders. */
  readonly version: number;
}

/** Proves what was counted for an order. Written in one transaction with the windows. */
export interface CountedOrder extends Stamped<InBucket> {
  readonly type: 'order';
  readonly counted: PlacedSales;
  /** Version of the order. */
  readonly version: number;
}

export type LiveDocument = HourWindows | CountedOrder;

/** Up to when the windows are complete. Written by the timer that reads the lag, in a logical partition of its own. */
export interface LiveProgress extends InBucket {
  readonly completeUpTo: string;
}

/** Cannot collide with an order's document, because a document id has no `!`. */
export const WINDOWS_ID = '!windows';

/** The id and the logical partition of the progress. */
export const PROGRESS_ID = '!progress';

/** Number of logical partitions that share the writes of an hour, to avoid a hot partition. */
const PARTS = 4;

/** The hour of a time in ISO 8601 UTC. */
export const hourOf = (time: string): string => time.slice(0, 13);

/** The key of a window in its hour: the minute and the currency. */
export const windowOf = (placedAt: string, currency: string): string => `${placedAt.slice(14, 16)}|${currency}`;

/** The bucket of an order: every event of the order leads to the same one. */
export function liveBucketOf(placedAt: string, orderId: string): string {
  const part = createHash('sha256').update(orderId).digest().readUInt8() % PARTS;
  return `${hourOf(placedAt)}|${part}`;
}
