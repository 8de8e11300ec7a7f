import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';
import type { ClaimRequest, OutboxBacklog, OutboxEvent, RefusalRequest } from '../outbox.ts';
import { toBacklog, toEventIds, toOutboxEvents } from '../outbox-rows.ts';
import { toInteger } from '../rows.ts';

/** Maximum events that the description of the outbox reads. */
const MAX_EXAMINED = 10_000;

/**
 * The oldest first. The index IX_Events_UnpublishedByAge returns this order without sorting. RecordedAt never decreases within an
 * aggregate, so each aggregate's rows start at its first unpublished version and are in version order.
 */
export const OLDEST_CLAIMABLE = `
  SELECT rowid AS Position, RecordedAt, AggregateType, AggregateId, Version, length(Body) AS Characters
  FROM Events
  WHERE PublishedAt IS NULL AND RecordedAt <= :recordedUntil AND NOT EXISTS (
    SELECT 1 FROM Events AS held
    WHERE held.PublishedAt IS NULL AND held.AggregateType = Events.AggregateType
      AND held.AggregateId = Events.AggregateId AND held.ClaimedUntil > :now AND held.ClaimedBy <> :owner)
    AND NOT EXISTS (
      SELECT 1 FROM RefusedEvents AS aside
      WHERE aside.AggregateType = Events.AggregateType AND aside.AggregateId = Events.AggregateId
        AND aside.Version <= Events.Version AND aside.SetAsideUntil > :now)
  ORDER BY RecordedAt, AggregateType, AggregateId, Version
  LIMIT :limit`;

/** `Preceding` counts the characters of the events before an event. */
const CLAIMABLE = `
  WITH Oldest AS (${OLDEST_CLAIMABLE}),
  Sized AS (
    SELECT Position, sum(Characters) OVER (
      ORDER BY RecordedAt, AggregateType, AggregateId, Version ROWS UNBOUNDED PRECEDING
    ) - Characters AS Preceding
    FROM Oldest
  )
  SELECT EventId AS eventId, AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version, Body AS body
  FROM Sized JOIN Events ON Events.rowid = Position
  WHERE Preceding <= :maxCharacters
  ORDER BY RecordedAt, AggregateType, AggregateId, Version`;

const CLAIM = `
  UPDATE Events SET ClaimedBy = :owner, ClaimedUntil = :until
  WHERE EventId IN (SELECT value FROM json_each(:eventIds))`;

const MARK = `
  UPDATE Events SET PublishedAt = :now
  WHERE PublishedAt IS NULL AND EventId IN (SELECT value FROM json_each(:eventIds))`;

const FORGET_REFUSALS = 'DELETE FROM RefusedEvents WHERE EventId IN (SELECT value FROM json_each(:eventIds))';

const REFUSE = `
  INSERT INTO RefusedEvents (AggregateType, AggregateId, Version, EventId, Refusals, SetAsideUntil)
  SELECT AggregateType, AggregateId, Version, EventId, 1, CASE WHEN :maxTries <= 1 THEN :setAsideUntil END
  FROM Events
  WHERE PublishedAt IS NULL AND EventId IN (SELECT value FROM json_each(:eventIds))
  ON CONFLICT DO UPDATE SET
    Refusals = Refusals + 1,
    SetAsideUntil = CASE WHEN Refusals + 1 >= :maxTries THEN :setAsideUntil END
  RETURNING EventId AS eventId, Refusals AS refusals`;

/**
 * Describes the 10,000 oldest unpublished events, in the order of IX_Events_UnpublishedByAge, so that it costs the same however many there
 * are. The age is that of the events that are not set aside and do not wait for one that is. If there are none among 10,000, it is that of
 * the newest of these.
 */
export const BACKLOG = `
  WITH Oldest AS (
    SELECT RecordedAt, AggregateType, AggregateId, Version FROM Events
    WHERE PublishedAt IS NULL
    ORDER BY RecordedAt, AggregateType, AggregateId, Version
    LIMIT ${MAX_EXAMINED}
  ), Examined AS MATERIALIZED (
    SELECT RecordedAt, Version, (
      SELECT min(Version) FROM RefusedEvents AS aside
      WHERE aside.AggregateType = Oldest.AggregateType AND aside.AggregateId = Oldest.AggregateId
        AND aside.SetAsideUntil IS NOT NULL) AS AsideVersion
    FROM Oldest
  )
  SELECT
    coalesce(:now - coalesce(
      min(RecordedAt) FILTER (WHERE AsideVersion IS NULL OR Version < AsideVersion),
      iif(count(*) = ${MAX_EXAMINED}, max(RecordedAt), NULL)), 0) AS age,
    (SELECT count(*) FROM (
      SELECT 1 FROM RefusedEvents WHERE SetAsideUntil IS NOT NULL LIMIT ${MAX_EXAMINED})) AS setAside,
    count(*) FILTER (WHERE Version > AsideVersion) AS waiting,
    count(*) AS unpublished
  FROM Examined`;

/** The outbox's statements. The caller manages the transaction. */
export interface OutboxRows {
  /** Finds and leases events. It needs a write transaction, so that only one process at a time can claim. */
  claim(request: ClaimRequest): readonly OutboxEvent[];
  mark(eventIds: readonly string[]): void;
  /** Returns the ids of the events that are set aside now. */
  refuse(request: RefusalRequest): readonly string[];
  backlog(): OutboxBacklog;
}

export function prepareOutbox(database: DatabaseSync, clock: Pick<Clock, 'now'>): OutboxRows {
  const claimable = database.prepare(CLAIMABLE);
  const claim = database.prepare(CLAIM);
  const mark = database.prepare(MARK);
  const forgetRefusals = database.prepare(FORGET_REFUSALS);
  const refuse = database.prepare(REFUSE);
  const backlog = database.prepare(BACKLOG);

  return {
    claim: ({ owner, leaseMs, olderThanMs, limit, maxCharacters }) => {
      const now = clock.now();
      const found = claimable.all({ owner, now, recordedUntil: now - olderThanMs, limit, maxCharacters });
      const events = toOutboxEvents(found);
      const eventIds = JSON.stringify(events.map(({ eventId }) => eventId));
      if (events.length > 0) claim.run({ owner, until: now + leaseMs, eventIds });
      return events;
    },
    mark: (eventIds) => {
      const ids = JSON.stringify(eventIds);
      mark.run({ now: clock.now(), eventIds: ids });
      forgetRefusals.run({ eventIds: ids });
    },
    refuse: ({ eventIds, maxTries, setAsideMs }) => {
      const setAsideUntil = clock.now() + setAsideMs;
      const refused = refuse.all({ eventIds: JSON.stringify(eventIds), maxTries, setAsideUntil });
      return toEventIds(refused.filter(({ refusals }) => toInteger(refusals) >= maxTries));
    },
    backlog: () => toBacklog(backlog.get({ now: clock.now() })),
  };
}
