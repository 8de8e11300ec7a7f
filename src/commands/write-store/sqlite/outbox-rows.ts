import type { DatabaseSync } from 'node:sqlite';
import { toInteger, toOutboxEvents } from '../rows.ts';
import type { ClaimRequest, OutboxEvent } from '../write-store.ts';

/**
 * The oldest first. The index IX_Events_UnpublishedByAge returns this order without sorting. RecordedAt never decreases within an
 * aggregate, so each aggregate's rows start at its first unpublished version and are in version order.
 */
export const CLAIMABLE = `
  SELECT EventId AS eventId, AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version, Body AS body
  FROM Events
  WHERE PublishedAt IS NULL AND RecordedAt <= :recordedUntil AND NOT EXISTS (
    SELECT 1 FROM Events AS held
    WHERE held.PublishedAt IS NULL AND held.AggregateType = Events.AggregateType
      AND held.AggregateId = Events.AggregateId AND held.ClaimedUntil > :now AND held.ClaimedBy <> :owner)
  ORDER BY RecordedAt, AggregateType, AggregateId, Version
  LIMIT :limit`;

const CLAIM = `
  UPDATE Events SET ClaimedBy = :owner, ClaimedUntil = :until
  WHERE EventId IN (SELECT value FROM json_each(:eventIds))`;

const MARK = `
  UPDATE Events SET PublishedAt = :now
  WHERE PublishedAt IS NULL AND EventId IN (SELECT value FROM json_each(:eventIds))`;

const OLDEST = 'SELECT coalesce(:now - min(RecordedAt), 0) AS age FROM Events WHERE PublishedAt IS NULL';

/** The outbox's statements. The caller manages the transaction. */
export interface OutboxRows {
  /** Finds and leases events. It needs a write transaction, so that only one process at a time can claim. */
  claim(request: ClaimRequest): readonly OutboxEvent[];
  mark(eventIds: readonly string[]): void;
  oldestMs(): number;
}

export function prepareOutbox(database: DatabaseSync): OutboxRows {
  const claimable = database.prepare(CLAIMABLE);
  const claim = database.prepare(CLAIM);
  const mark = database.prepare(MARK);
  const oldest = database.prepare(OLDEST);

  return {
    claim: ({ owner, leaseMs, olderThanMs, limit }) => {
      const now = Date.now();
      const events = toOutboxEvents(claimable.all({ owner, now, recordedUntil: now - olderThanMs, limit }));
      const eventIds = JSON.stringify(events.map(({ eventId }) => eventId));
      if (events.length > 0) claim.run({ owner, until: now + leaseMs, eventIds });
      return events;
    },
    mark: (eventIds) => {
      mark.run({ now: Date.now(), eventIds: JSON.stringify(eventIds) });
    },
    oldestMs: () => Math.max(0, toInteger(oldest.get({ now: Date.now() })?.age)),
  };
}
