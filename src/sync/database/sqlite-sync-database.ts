import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../shared/runtime.ts';
import { integer } from '../../shared/write-database/integer.ts';
import { prepareHeartbeat } from '../../shared/write-database/sqlite/heartbeat.ts';
import { prepareReadTransaction } from '../../shared/write-database/sqlite/read-transaction.ts';
import { MAX_STALL_AGE_MS, toCustomerKeys, toStalls, toStoredLag, toStoredReason } from './rows.ts';
import { sqliteCustomerExport } from './sqlite-customer-export.ts';
import { sqliteEventLog } from './sqlite-event-log.ts';
import { sqliteWebhooks } from './sqlite-webhooks.ts';
import type { SyncDatabase } from './sync-database.ts';

const RECORD_HEARTBEAT = 'UPDATE Heartbeat SET Beat = Beat + 1, BeatAt = :now RETURNING Beat AS beat';

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

/** The embedded write database as the sync app needs it. */
export function sqliteSyncDatabase(database: DatabaseSync, { now }: Pick<Clock, 'now'>): SyncDatabase {
  const inReadTransaction = prepareReadTransaction(database);
  const heartbeat = prepareHeartbeat(database, { now });
  const recordHeartbeat = database.prepare(RECORD_HEARTBEAT);
  const keys = database.prepare(KEYS);
  const retiredKeys = database.prepare(RETIRED_KEYS);
  const reportLag = database.prepare(REPORT_LAG);
  const reportStall = database.prepare(REPORT_STALL);
  const endStall = database.prepare(END_STALL);
  const stalls = database.prepare(STALLS);
  return {
    log: sqliteEventLog(database, { now }),
    readHeartbeat: async () => ({ heartbeat: heartbeat() }),
    recordHeartbeat: async () => integer.parse(recordHeartbeat.get({ now: now() })?.beat),
    customerExport: sqliteCustomerExport(database),
    webhooks: sqliteWebhooks(database),
    readCustomerKeys: async (ids) => {
      const customerIds = JSON.stringify(ids);
      return inReadTransaction(() => toCustomerKeys(keys.all({ customerIds }), retiredKeys.all({ customerIds })));
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
