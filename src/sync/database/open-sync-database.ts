import type { Runtime } from '../../shared/runtime.ts';
import { openWriteDatabase, type WriteDatabaseOptions } from '../../shared/write-database/open-write-database.ts';
import type { SyncDatabase } from './sync-database.ts';

export interface OpenOptions extends Pick<WriteDatabaseOptions, 'tokenCredential' | 'isReplica'> {
  readonly runtime: Pick<Runtime, 'now' | 'monotonicMs' | 'delay' | 'random'>;
}

/** Opens the write database in the connection string (see `openWriteDatabase`) for the sync app. Throws when a file cannot be opened. */
export async function openSyncDatabase(
  connectionString: string,
  { runtime, ...options }: OpenOptions,
): Promise<SyncDatabase> {
  const opened = await openWriteDatabase(connectionString, { ...options, appName: 'orders-sync', runtime });
  if (opened.kind === 'sqlite') {
    const { sqliteSyncDatabase } = await import('./sqlite-sync-database.ts');
    return sqliteSyncDatabase(opened.database, runtime);
  }
  const { azureSqlSyncDatabase } = await import('./azure-sql-sync-database.ts');
  return azureSqlSyncDatabase(opened.database, runtime);
}
