/** An event to publish. Its body is the envelope's JSON exactly as committed. */
export interface OutboxEvent {
  readonly eventId: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly version: number;
  readonly body: string;
}

export interface ClaimRequest {
  /** Name of the claiming relay. An owner may claim its own rows again. */
  readonly owner: string;
  /** Milliseconds during which no other owner may claim the same aggregates. */
  readonly leaseMs: number;
  /** Rows younger than this many milliseconds are left to the publisher that runs right after the commit. */
  readonly olderThanMs: number;
  /** Maximum rows per claim. */
  readonly limit: number;
  /** Claims only rows that start within this many characters, which limits the memory for a claim whatever the size of its events. */
  readonly maxCharacters: number;
}

export interface RefusalRequest {
  readonly eventIds: readonly string[];
  /** Refusals after which an event is set aside. */
  readonly maxTries: number;
  /** Milliseconds for which it is set aside. Then it may be claimed again; one more refusal sets it aside again. */
  readonly setAsideMs: number;
}

/** What waits in the outbox. */
export interface OutboxBacklog {
  /**
   * Age in milliseconds of the oldest unpublished event, not counting the events that are set aside and those that wait for them;
   * 0 when there is none. An upper bound if the 10,000 oldest events are all such events.
   */
  readonly oldestMs: number;
  /** Number of events that are set aside, counted up to 10,000. */
  readonly setAside: number;
  /** Number of events that wait for an earlier version of their aggregate, which is set aside, among the 10,000 oldest. */
  readonly waiting: number;
  /** Number of all unpublished events, counted up to 10,000, so that a large backlog does not make counting slow. */
  readonly unpublished: number;
}

/** The outbox: the unpublished part of the event log. */
export interface Outbox {
  /**
   * Leases unpublished events and returns them by age, the oldest first, and in version order per aggregate. Skips every aggregate
   * of which another owner has leased an event, so two relays never send events of the same order at the same time. Skips events
   * that are set aside, and later versions of their aggregates.
   */
  claim(request: ClaimRequest): Promise<readonly OutboxEvent[]>;
  /** Marks events as published. Skips unknown ids and events that are already marked. */
  markPublished(eventIds: readonly string[]): Promise<void>;
  /**
   * Counts a refusal by the hub for each event, and sets those aside that were refused too often. Skips unknown ids and published
   * events. Returns the ids of the events that are set aside now.
   */
  recordRefusals(request: RefusalRequest): Promise<readonly string[]>;
  backlog(): Promise<OutboxBacklog>;
}
