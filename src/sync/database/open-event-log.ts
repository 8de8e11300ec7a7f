import type { WriteDatabase } from '../../shared/write-database/open-write-database.ts';
import type { EventLog } from './event-log.ts';

/** The event log of a write database that is open. */
export async function openEventLog(opened: WriteDatabase): Promise<EventLog> {
  if (opened.kind === 'sqlite') {
    const { sqliteEventLog } = await import('./sqlite-event-log.ts');
    return sqliteEventLog(opened.database);
  }
  const { azureSqlEventLog } = await import('./azure-sql-event-log.ts');
  return azureSqlEventLog(opened.pool);
}
