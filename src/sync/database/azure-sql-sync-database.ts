import type { Runtime } from '../../shared/runtime.ts';
import { executeProcedure, type ProcedureParameters } from '../../shared/write-database/azure-sql/procedures.ts';
import { retryTransient } from '../../shared/write-database/azure-sql/retry.ts';
import type { SqlDatabase } from '../../shared/write-database/azure-sql/sql-database.ts';
import { toHeartbeat } from '../../shared/write-database/heartbeat.ts';
import { integer } from '../../shared/write-database/integer.ts';
import { azureSqlCustomerExport } from './azure-sql-customer-export.ts';
import { azureSqlWebhooks } from './azure-sql-webhooks.ts';
import {
  AFTER_ALL_EVENTS,
  MAX_PAGE_CHARACTERS,
  MAX_STALL_AGE_MS,
  toCustomerKeys,
  toLogPage,
  toNewestEvents,
  toStalls,
  toStoredLag,
  toStoredReason,
} from './rows.ts';
import type { SyncDatabase } from './sync-database.ts';

/** Azure SQL or SQL Server as the sync app needs it: one stored procedure per method. */
export function azureSqlSyncDatabase(database: SqlDatabase, runtime: Pick<Runtime, 'delay' | 'random'>): SyncDatabase {
  const read = (procedure: string, parameters: ProcedureParameters) =>
    retryTransient(() => executeProcedure(database, procedure, parameters), runtime);
  return {
    log: {
      count: async (from) => {
        const [counts, heartbeats] = await read('CountLog', { RecordedFrom: toDateTime(from) });
        return { events: integer.parse(counts?.[0]?.events), heartbeat: toHeartbeat(heartbeats) };
      },
      page: async ({ after, from, limit }) => {
        const [events, heartbeats] = await read('ReadLog', {
          AfterType: after?.aggregateType ?? '',
          AfterId: after?.aggregateId ?? '',
          AfterVersion: after?.version ?? 0,
          RecordedFrom: toDateTime(from),
          MaxEvents: limit,
          MaxCharacters: MAX_PAGE_CHARACTERS,
        });
        return { ...toLogPage(events, limit), heartbeat: toHeartbeat(heartbeats) };
      },
      newest: async ({ aggregateId, before = AFTER_ALL_EVENTS, limit }) => {
        const [events, heartbeats] = await read('ReadNewestEvents', {
          AggregateId: aggregateId ?? null,
          BeforeTime: toDateTime(before.recordedAt),
          BeforeType: before.aggregateType,
          BeforeId: before.aggregateId,
          BeforeVersion: before.version,
          MaxEvents: limit,
          MaxCharacters: MAX_PAGE_CHARACTERS,
        });
        return { ...toNewestEvents(events, limit), heartbeat: toHeartbeat(heartbeats) };
      },
    },
    readHeartbeat: async () => {
      const [heartbeats] = await read('ReadHeartbeat', {});
      return { heartbeat: toHeartbeat(heartbeats) };
    },
    recordHeartbeat: async () => {
      const [beats] = await executeProcedure(database, 'RecordHeartbeat', {});
      return integer.parse(beats?.[0]?.beat);
    },
    customerExport: azureSqlCustomerExport(read),
    webhooks: azureSqlWebhooks(database, read),
    readCustomerKeys: async (customerIds) => {
      const [keys, retiredKeys] = await read('ReadCustomerKeys', { CustomerIds: JSON.stringify(customerIds) });
      return toCustomerKeys(keys, retiredKeys);
    },
    reportLag: async ({ readModel, measure, lagMs }) => {
      const parameters = { ReadModel: readModel, Measure: measure, LagMs: toStoredLag(lagMs) };
      await executeProcedure(database, 'ReportSyncLag', parameters);
    },
    reportStall: async ({ consumer, partition, since, reason }) => {
      const parameters = {
        Consumer: consumer,
        PartitionId: partition,
        Since: toDateTime(since),
        Reason: toStoredReason(reason),
      };
      await executeProcedure(database, 'ReportSyncStall', parameters);
    },
    endStall: async ({ consumer, partition }) => {
      const parameters = { Consumer: consumer, PartitionId: partition, Since: null, Reason: null };
      await executeProcedure(database, 'ReportSyncStall', parameters);
    },
    readStalls: async () => {
      const [stalls] = await read('ReadSyncStalls', { MaxAgeMs: MAX_STALL_AGE_MS });
      return toStalls(stalls);
    },
    close: database.close,
  };
}

/** Format that datetime2 parses in every login language: without the `Z`, because all times in the database are UTC. */
const toDateTime = (time: string | undefined): string | null => time?.replace('Z', '') ?? null;
