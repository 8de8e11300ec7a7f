import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../shared/runtime.ts';
import { integer } from '../../shared/write-database/integer.ts';
import { prepareHeartbeat } from '../../shared/write-database/sqlite/heartbeat.ts';
import { AFTER_ALL_EVENTS, MAX_PAGE_CHARACTERS, toLogPage, toNewestEvents } from './rows.ts';
import type { EventLog } from './sync-database.ts';

/** Events of a table since :from, from its row ids, which ascend: events leave a table in the order in which they came. */
const estimated = (table: string) => `
    coalesce((SELECT max(rowid) FROM ${table}) + 1 - (
      SELECT rowid FROM ${table} WHERE RecordedAt >= :from ORDER BY RecordedAt LIMIT 1), 0)`;

/** Counts at most :maxCounted entries of IX_Events_RecordedAt and IX_EventArchive_RecordedAt, and one more. Estimates a larger number. */
export const COUNT = `
  WITH Newest AS (
    SELECT count(*) AS Counted FROM (SELECT 1 FROM EventLog WHERE RecordedAt >= :from LIMIT :maxCounted + 1)
  )
  SELECT iif(Counted <= :maxCounted, Counted,
    max(Counted, ${estimated('Events')} + ${estimated('EventArchive')})) AS events
  FROM Newest`;

/** Maximum events that are counted one by one. */
const MAX_COUNTED = 100_000;

/** Ends before the first event that starts after :maxCharacters characters. */
const PAGE = `
  WITH Page AS (
    SELECT EventId, AggregateType, AggregateId, Version, iif(RecordedAt >= :from, Body, NULL) AS Body
    FROM EventLog
    WHERE (AggregateType, AggregateId, Version) > (:aggregateType, :aggregateId, :version)
    ORDER BY AggregateType, AggregateId, Version
    LIMIT :limit
  ), Windowed AS (
    SELECT *, sum(ifnull(length(Body), 0)) OVER (
      ORDER BY AggregateType, AggregateId, Version ROWS UNBOUNDED PRECEDING
    ) - ifnull(length(Body), 0) AS Preceding
    FROM Page
  )
  SELECT EventId AS eventId, AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version, Body AS body
  FROM Windowed
  WHERE Preceding <= :maxCharacters
  ORDER BY AggregateType, AggregateId, Version`;

/** Ends before the first event that starts after :maxCharacters characters. */
const newestEvents = (filter: string) => `
  WITH Newest AS (
    SELECT EventId, RecordedAt, PublishedAt, AggregateType, AggregateId, Version, Body
    FROM EventLog
    WHERE (RecordedAt, AggregateType, AggregateId, Version) < (:recordedAt, :aggregateType, :id, :version) ${filter}
    ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC
    LIMIT :limit
  ), Windowed AS (
    SELECT *, sum(length(Body)) OVER (
      ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC ROWS UNBOUNDED PRECEDING
    ) - length(Body) AS Preceding
    FROM Newest
  )
  SELECT EventId AS eventId, strftime('%Y-%m-%dT%H:%M:%fZ', RecordedAt / 1000.0, 'unixepoch') AS recordedAt,
    strftime('%Y-%m-%dT%H:%M:%fZ', PublishedAt / 1000.0, 'unixepoch') AS publishedAt,
    AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version, Body AS body
  FROM Windowed
  WHERE Preceding <= :maxCharacters
  ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC`;

const NEWEST = newestEvents('');
const NEWEST_OF_AGGREGATE = newestEvents(
  "AND AggregateType IN ('Order', 'Customer', 'Product') AND AggregateId = :aggregateId",
);

/** Before the key of every event. */
const BEGINNING = { aggregateType: '', aggregateId: '', version: 0 };

/** The event log in the embedded write database. Each read reads the heartbeat first. */
export function sqliteEventLog(database: DatabaseSync, { now }: Pick<Clock, 'now'>): EventLog {
  const readHeartbeat = prepareHeartbeat(database, { now });
  const count = database.prepare(COUNT);
  const page = database.prepare(PAGE);
  const newest = database.prepare(NEWEST);
  const newestOf = database.prepare(NEWEST_OF_AGGREGATE);
  return {
    count: async (from) => {
      const heartbeat = readHeartbeat();
      const counted = count.get({ from: toMs(from), maxCounted: MAX_COUNTED });
      return { events: integer.parse(counted?.events), heartbeat };
    },
    page: async ({ after = BEGINNING, from, limit }) => {
      const heartbeat = readHeartbeat();
      const request = { ...after, from: toMs(from), limit, maxCharacters: MAX_PAGE_CHARACTERS };
      return { ...toLogPage(page.all(request), limit), heartbeat };
    },
    newest: async ({ aggregateId, before = AFTER_ALL_EVENTS, limit }) => {
      const heartbeat = readHeartbeat();
      const { recordedAt, aggregateType, aggregateId: id, version } = before;
      const position = { recordedAt: toMs(recordedAt), aggregateType, id, version };
      const request = { ...position, limit, maxCharacters: MAX_PAGE_CHARACTERS };
      const rows = aggregateId === undefined ? newest.all(request) : newestOf.all({ ...request, aggregateId });
      return { ...toNewestEvents(rows, limit), heartbeat };
    },
  };
}

/** This database stores times as milliseconds since 1970. */
const toMs = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));
