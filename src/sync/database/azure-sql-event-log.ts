import type { ConnectionPool } from 'mssql';
import { executeProcedure } from '../../shared/write-database/azure-sql/procedures.ts';
import { retryTransient } from '../../shared/write-database/azure-sql/retry.ts';
import { integer } from '../../shared/write-database/integer.ts';
import type { EventLog } from './event-log.ts';
import { toLogPage } from './log-rows.ts';

/** The event log on Azure SQL or SQL Server: one stored procedure per method. Transient faults are tried again. */
export function azureSqlEventLog(pool: ConnectionPool): EventLog {
  return {
    count: async (from) => {
      const parameters = { RecordedFrom: toDateTime(from) };
      const [counts] = await retryTransient(() => executeProcedure(pool, 'CountLog', parameters));
      return integer.parse(counts?.[0]?.events);
    },
    page: async ({ after, from, limit }) => {
      const parameters = {
        AfterType: after?.aggregateType ?? '',
        AfterId: after?.aggregateId ?? '',
        AfterVersion: after?.version ?? 0,
        RecordedFrom: toDateTime(from),
        MaxEvents: limit,
      };
      const [events] = await retryTransient(() => executeProcedure(pool, 'ReadLog', parameters));
      return toLogPage(events, limit);
    },
  };
}

/** As datetime2 reads it whatever the language of the login: without the `Z`, since all of its times are UTC. */
const toDateTime = (time: string | undefined): string | null => time?.replace('Z', '') ?? null;
