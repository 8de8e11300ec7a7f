import type { WrappedKey } from '../../shared/personal-data/data-keys.ts';
import type { SyncLagMeasure } from '../../shared/sync-lag.ts';
import type { Dated } from '../../shared/write-database/heartbeat.ts';
import type { CustomerExport } from './customer-export.ts';

/** The position of an event in the log: its key, which orders the log. */
export interface LogPosition {
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
}

/** A stored event. */
export interface LoggedEvent {
  readonly eventId: string;
  readonly aggregateId: string;
  readonly body: string;
}

export interface LogPageRequest {
  /** The page starts after this position; when absent, at the beginning of the log. */
  readonly after?: LogPosition | undefined;
  /** Events recorded before this time (ISO 8601 UTC) are skipped. */
  readonly from?: string | undefined;
  /** Maximum events that are read, including skipped ones, so that every page costs about the same. */
  readonly limit: number;
}

export interface LogPage extends Dated {
  readonly events: readonly LoggedEvent[];
  /** The position to pass as `after` for the next page; undefined at the end of the log. */
  readonly next: LogPosition | undefined;
}

/** A position in the log by time: by `recordedAt` (ISO 8601 UTC), then by key. */
export interface TimePosition extends LogPosition {
  readonly recordedAt: string;
}

export interface NewestRequest {
  /** Only events of aggregates with this id, of any type. */
  readonly aggregateId?: string | undefined;
  /** Only events before this position; when absent, from the newest one. */
  readonly before?: TimePosition | undefined;
  /** Maximum events. */
  readonly limit: number;
}

export interface LogCount extends Dated {
  readonly events: number;
}

/** An event with the times that the log has of it, both by the clock of the database. */
export interface TimedEvent {
  readonly eventId: string;
  /** When it was committed, and its place in the log. */
  readonly position: TimePosition;
  /** When it was marked as published, after the hub had it (ISO 8601 UTC); null while it waits in the outbox. */
  readonly publishedAt: string | null;
  readonly body: string;
}

export interface NewestEvents extends Dated {
  /** Newest first. */
  readonly events: readonly TimedEvent[];
  /** Whether the log has no earlier events that match. */
  readonly isEnd: boolean;
}

/** The event log, read as a whole. */
export interface EventLog {
  /**
   * Counts the events recorded at `from` (ISO 8601 UTC) or later. Exact up to 100,000, and an estimate from figures of the database
   * above, so that it costs the same however long the log is.
   */
  count(from?: string): Promise<LogCount>;
  /**
   * Reads a page of the log in key order, so that the events of one aggregate are in version order: at most `limit` events, and fewer
   * when they are large: about 4 million characters. Events that are committed during the read may or may not appear in a later page.
   */
  page(request: LogPageRequest): Promise<LogPage>;
  /** Reads the newest events, at most `limit`, and fewer when they are large: about 4 million characters. */
  newest(request: NewestRequest): Promise<NewestEvents>;
}

/** Data keys by customer id, the current one first. A customer without a key is absent. */
export type StoredCustomerKeys = ReadonlyMap<string, readonly WrappedKey[] | 'destroyed'>;

/** The lag of a read model. */
export interface SyncLagReport {
  readonly readModel: string;
  readonly measure: SyncLagMeasure;
  readonly lagMs: number;
}

/** A partition that a consumer of the hub cannot process at the moment. */
export interface SyncStall {
  /** The read model; `push` for the consumer that pushes changes. */
  readonly consumer: string;
  /** Of `order-events`, or `replay/<partition>` of the replay's hub. */
  readonly partition: string;
  /** When the first attempt failed, ISO 8601 UTC. */
  readonly since: string;
  readonly reason: string;
}

/** A stored webhook subscription. */
export interface StoredWebhook {
  readonly webhookId: string;
  /** JSON. */
  readonly document: string;
  /** 1, 2, …: increases with each change. */
  readonly version: number;
}

/** The webhook subscriptions. */
export interface WebhookRows {
  read(): Promise<readonly StoredWebhook[]>;
  /**
   * Stores a subscription: a new one if the version is 0, else in place of that version. Returns false if the stored version is
   * another one, or if the URL has a subscription already.
   * @param urlHash identifies the URL, at most 64 characters
   */
  save(webhook: StoredWebhook, urlHash: string): Promise<boolean>;
  /** Returns false if there is no such subscription. */
  delete(webhookId: string): Promise<boolean>;
}

/** What a replica of the write database can answer. */
export interface ReadableDatabase {
  readonly log: EventLog;
  /** Reads the heartbeat of this copy of the database. */
  readHeartbeat(): Promise<Dated>;
}

/** The write database as the sync app needs it. Methods reject with the faults of the database; transient ones of Azure SQL are retried. */
export interface SyncDatabase extends ReadableDatabase {
  readonly customerExport: CustomerExport;
  readonly webhooks: WebhookRows;
  /** Reads customers' data keys in one round trip. */
  readCustomerKeys(customerIds: readonly string[]): Promise<StoredCustomerKeys>;
  /** Reports a lag to the command side and replaces the previous report. Not retried, because the next report follows soon. */
  reportLag(report: SyncLagReport): Promise<void>;
  /** Reports a stall, in place of the previous report. Not retried: the next failed attempt follows soon. */
  reportStall(stall: SyncStall): Promise<void>;
  /** Reports that a stall has ended. */
  endStall(stall: Pick<SyncStall, 'consumer' | 'partition'>): Promise<void>;
  /** The stalls that were reported in the last two minutes: a consumer retries at least twice a minute. */
  readStalls(): Promise<readonly SyncStall[]>;
  /** Advances the heartbeat and returns its number. Not retried: the next beat follows soon. */
  recordHeartbeat(): Promise<number>;
  close(): Promise<void>;
}
