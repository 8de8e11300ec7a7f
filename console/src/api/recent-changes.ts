/** A change of an order as it was pushed to this page. */
export interface RecentChange {
  readonly key: string;
  readonly orderId: string;
  readonly version: number;
  readonly eventType: string;
  readonly status: string;
  /** Time (ms) from the event to its arrival in this page, as far as both clocks agree. */
  readonly delayMs: number;
  readonly timestamp: string;
}

export interface RecentChanges {
  /** The newest first. */
  readonly changes: readonly RecentChange[];
  /** Number of changes since the page was opened. */
  readonly count: number;
}

const KEPT = 6;

/** Adds a change, unless it has been pushed before: a change can arrive twice. */
export function withChange(before: RecentChanges, change: RecentChange): RecentChanges {
  if (before.changes.some(({ key }) => key === change.key)) return before;
  return { changes: [change, ...before.changes].slice(0, KEPT), count: before.count + 1 };
}
