import type { ConnectionPool } from 'mssql';
import { executeProcedure, type ProcedureParameters } from '../../shared/write-database/azure-sql/procedures.ts';
import { retryTransient } from '../../shared/write-database/azure-sql/retry.ts';
import { integer } from '../../shared/write-database/integer.ts';
import { toCustomerKeys, toLogPage, toStoredLag } from './rows.ts';
import type { SyncDatabase } from './sync-database.ts';

/** Azure SQL or SQL Server as the sync app needs it: one stored procedure per method. */
export function azureSqlSyncDatabase(pool: ConnectionPool): SyncDatabase {
  const read = (procedure: string, parameters: ProcedureParameters) =>
    retryTransient(() => executeProcedure(pool, procedure, parameters));
  return {
    log: {
      count: async (from) => {
        const [counts] = await read('CountLog', { RecordedFrom: toDateTime(from) });
        return integer.parse(counts?.[0]?.events);
      },
      page: async ({ after, from, limit }) => {
        const [events] = await read('ReadLog', {
          AfterType: after?.aggregateType ?? '',
          AfterId: after?.aggregateId ?? '',
          AfterVersion: after?.version ?? 0,
          RecordedFrom: toDateTime(from),
          MaxEvents: limit,
        });
        return toLogPage(events, limit);
      },
    },
    readCustomerKeys: async (customerIds) => {
      const [keys] = await read('ReadCustomerKeys', { CustomerIds: JSON.stringify(customerIds) });
      return toCustomerKeys(keys);
    },
    reportLag: async ({ readModel, measure, lagMs }) => {
      const parameters = { ReadModel: readModel, Measure: measure, LagMs: toStoredLag(lagMs) };
      await executeProcedure(pool, 'ReportSyncLag', parameters);
    },
    close: () => pool.close(),
  };
}

/** As datetime2 reads it whatever the language of the login: without the `Z`, because all of its times are UTC. */
const toDateTime = (time: string | undefined): string | null => time?.replace('Z', '') ?? null;
