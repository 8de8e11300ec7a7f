import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { SyncLagMeasure } from '../../shared/sync-lag.ts';

/** Where an event stands in the log: its key, by which the log is read. */
export interface LogPosition {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
}

/** An event as it was stored. */
export interface LoggedEvent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly body: string;
}

export interface LogPageRequest {
  /** The page begins after it; without one, at the beginning. */
  readonly after?: LogPosition | undefined;
  /** Events recorded earlier (ISO 8601 UTC) are left out. */
  readonly from?: string | undefined;
  /** Maximum events that are read, including those left out, so that a page always costs about the same. */
  readonly limit: number;
}

export interface LogPage {
  readonly events: readonly LoggedEvent[];
  /** Where the next page begins; undefined at the end of the log. */
  readonly next: LogPosition | undefined;
}

/** The event log, read as a whole. */
export interface EventLog {
  /** Number of events; those recorded earlier than `from` (ISO 8601 UTC) are not counted. */
  count(from?: string): Promise<number>;
  /**
   * A page of the log in the order of its key, so that the events of one aggregate come in version order. Events that are committed
   * while the log is read may be in a later page or not.
   */
  page(request: LogPageRequest): Promise<LogPage>;
}

/** Customers' data keys, by customer. A customer without a key is absent. */
export type StoredCustomerKeys = ReadonlyMap<string, WrappedKey | 'destroyed'>;

/** How far a read model is behind. */
export interface SyncLagReport {
  readonly readModel: string;
  readonly measure: SyncLagMeasure;
  readonly lagMs: number;
}

/** The write database as the sync app needs it. Methods reject with the faults of the database; transient ones of Azure SQL are retried. */
export interface SyncDatabase {
  readonly log: EventLog;
  /** Reads customers' data keys in one round trip. */
  readCustomerKeys(customerIds: readonly string[]): Promise<StoredCustomerKeys>;
  /** Reports a lag to the command side, in place of the previous report. Not retried: the next report follows soon. */
  reportLag(report: SyncLagReport): Promise<void>;
  close(): Promise<void>;
}
