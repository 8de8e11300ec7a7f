import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../shared/runtime.ts';
import { integer } from '../../shared/write-database/integer.ts';
import {
  AFTER_ALL_EVENTS,
  MAX_NEWEST_CHARACTERS,
  MAX_STALL_AGE_MS,
  toCustomerKeys,
  toLogPage,
  toNewestEvents,
  toStalls,
  toStoredLag,
  toStoredReason,
} from './rows.ts';
import { sqliteCustomerExport } from './sqlite-customer-export.ts';
import { sqliteWebhooks } from './sqlite-webhooks.ts';
import type { SyncDatabase } from './sync-database.ts';

const COUNT = 'SELECT count(*) AS events FROM Events WHERE RecordedAt >= :from';

const PAGE = `
  SELECT EventId AS eventId, AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version,
    iif(RecordedAt >= :from, Body, NULL) AS body
  FROM Events
  WHERE (AggregateType, AggregateId, Version) > (:aggregateType, :aggregateId, :version)
  ORDER BY AggregateType, AggregateId, Version
  LIMIT :limit`;

/** Ends before the first event that starts after :maxCharacters characters. */
const newestEvents = (filter: string) => `
  WITH Newest AS (
    SELECT RecordedAt, AggregateType, AggregateId, Version, Body
    FROM Events
    WHERE (RecordedAt, AggregateType, AggregateId, Version) < (:recordedAt, :aggregateType, :id, :version) ${filter}
    ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC
    LIMIT :limit
  ), Windowed AS (
    SELECT *, sum(length(Body)) OVER (
      ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC ROWS UNBOUNDED PRECEDING
    ) - length(Body) AS Preceding
    FROM Newest
  )
  SELECT strftime('%Y-%m-%dT%H:%M:%fZ', RecordedAt / 1000.0, 'unixepoch') AS recordedAt,
    AggregateType AS aggregateType, AggregateId AS aggregateId, Version AS version, Body AS body
  FROM Windowed
  WHERE Preceding <= :maxCharacters
  ORDER BY RecordedAt DESC, AggregateType DESC, AggregateId DESC, Version DESC`;

const NEWEST = newestEvents('');
const NEWEST_OF_AGGREGATE = newestEvents(
  "AND AggregateType IN ('Order', 'Customer', 'Product') AND AggregateId = :aggregateId",
);

const KEYS = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM CustomerKeys WHERE CustomerId IN (SELECT value FROM json_each(:customerIds))`;

const RETIRED_KEYS = `
  SELECT CustomerId AS customerId, KeyId AS keyId, WrappedKey AS wrappedKey, MasterKeyVersion AS masterKeyVersion
  FROM RetiredCustomerKeys WHERE CustomerId IN (SELECT value FROM json_each(:customerIds))`;

const REPORT_LAG = `
  INSERT INTO SyncLags (ReadModel, Measure, LagMs, ReportedAt) VALUES (:readModel, :measure, :lagMs, :now)
  ON CONFLICT DO UPDATE SET LagMs = excluded.LagMs, ReportedAt = excluded.ReportedAt`;

const REPORT_STALL = `
  INSERT INTO SyncStalls (Consumer, PartitionId, Since, Reason, ReportedAt)
  VALUES (:consumer, :partition, :since, :reason, :now)
  ON CONFLICT DO UPDATE SET Since = excluded.Since, Reason = excluded.Reason, ReportedAt = excluded.ReportedAt`;

const END_STALL = 'DELETE FROM SyncStalls WHERE Consumer = :consumer AND PartitionId = :partition';

const STALLS = `
  SELECT Consumer AS consumer, PartitionId AS partitionId, Since AS since, Reason AS reason
  FROM SyncStalls WHERE ReportedAt > :reportedAfter`;

/** Before the key of every event. */
const BEGINNING = { aggregateType: '', aggregateId: '', version: 0 };

/** The embedded write database as the sync app needs it. */
export function sqliteSyncDatabase(database: DatabaseSync, { now }: Pick<Clock, 'now'>): SyncDatabase {
  const count = database.prepare(COUNT);
  const page = database.prepare(PAGE);
  const newest = database.prepare(NEWEST);
  const newestOf = database.prepare(NEWEST_OF_AGGREGATE);
  const keys = database.prepare(KEYS);
  const retiredKeys = database.prepare(RETIRED_KEYS);
  const reportLag = database.prepare(REPORT_LAG);
  const reportStall = database.prepare(REPORT_STALL);
  const endStall = database.prepare(END_STALL);
  const stalls = database.prepare(STALLS);
  return {
    log: {
      count: async (from) => integer.parse(count.get({ from: toMs(from) })?.events),
      page: async ({ after = BEGINNING, from, limit }) =>
        toLogPage(page.all({ ...after, from: toMs(from), limit }), limit),
      newest: async ({ aggregateId, before = AFTER_ALL_EVENTS, limit }) => {
        const { recordedAt, aggregateType, aggregateId: id, version } = before;
        const position = { recordedAt: toMs(recordedAt), aggregateType, id, version };
        const request = { ...position, limit, maxCharacters: MAX_NEWEST_CHARACTERS };
        const rows = aggregateId === undefined ? newest.all(request) : newestOf.all({ ...request, aggregateId });
        return toNewestEvents(rows, limit);
      },
    },
    customerExport: sqliteCustomerExport(database),
    webhooks: sqliteWebhooks(database),
    readCustomerKeys: async (ids) => {
      const customerIds = JSON.stringify(ids);
      return toCustomerKeys(keys.all({ customerIds }), retiredKeys.all({ customerIds }));
    },
    reportLag: async ({ readModel, measure, lagMs }) => {
      reportLag.run({ readModel, measure, lagMs: toStoredLag(lagMs), now: now() });
    },
    reportStall: async ({ reason, ...stall }) => {
      reportStall.run({ ...stall, reason: toStoredReason(reason), now: now() });
    },
    endStall: async ({ consumer, partition }) => {
      endStall.run({ consumer, partition });
    },
    readStalls: async () => toStalls(stalls.all({ reportedAfter: now() - MAX_STALL_AGE_MS })),
    close: async () => database.close(),
  };
}

/** This database stores times as milliseconds since 1970. */
const toMs = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));
