import type { DatabaseSync } from 'node:sqlite';
import { integer } from '../../shared/write-database/integer.ts';
import type { EventLog } from './event-log.ts';
import { toLogPage } from './log-rows.ts';

const COUNT = 'SELECT count(*) AS events FROM Events WHERE RecordedAt >= :from';

const PAGE = `
  SELECT EventId AS eventId, AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version,
    iif(RecordedAt >= :from, Body, NULL) AS body
  FROM Events
  WHERE (AggregateType, AggregateId, Version) > (:aggregateType, :aggregateId, :version)
  ORDER BY AggregateType, AggregateId, Version
  LIMIT :limit`;

/** Before the key of every event. */
const BEGINNING = { aggregateType: '', aggregateId: '', version: 0 };

/** The event log of an embedded write store. */
export function sqliteEventLog(database: DatabaseSync): EventLog {
  const count = database.prepare(COUNT);
  const page = database.prepare(PAGE);
  return {
    count: async (from) => integer.parse(count.get({ from: toMs(from) })?.events),
    page: async ({ after = BEGINNING, from, limit }) =>
      toLogPage(page.all({ ...after, from: toMs(from), limit }), limit),
  };
}

/** Times are milliseconds since 1970 in this database. */
const toMs = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));
