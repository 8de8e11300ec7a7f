/** Where an event stands in the log: its key, by which the log is gone through. */
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
  /** The page begins behind it; without one, at the beginning. */
  readonly after?: LogPosition | undefined;
  /** Events recorded earlier (ISO 8601 UTC) are left out. */
  readonly from?: string | undefined;
  /** Most events that are looked at, those left out included, so that a page always costs about the same. */
  readonly limit: number;
}

export interface LogPage {
  readonly events: readonly LoggedEvent[];
  /** Where the next page begins; undefined at the end of the log. */
  readonly next: LogPosition | undefined;
}

/** The event log of the write database, to be read as a whole. Nothing is ever written. Faults of the database are thrown. */
export interface EventLog {
  /** Number of events; those recorded earlier than `from` (ISO 8601 UTC) are not counted. */
  count(from?: string): Promise<number>;
  /**
   * A part of the log, in the order of its key: the events of one aggregate come in version order. What is committed while
   * the log is gone through may be in a later page or not.
   */
  page(request: LogPageRequest): Promise<LogPage>;
}
