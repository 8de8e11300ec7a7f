import type { TokenCredential } from '@azure/identity';
import { openWriteDatabase } from '../../shared/write-database/open-write-database.ts';
import type { SyncDatabase } from './sync-database.ts';

/**
 * Opens the write database in the connection string (see `openWriteDatabase`) for the sync app. Throws when a file cannot be opened.
 * @param tokenCredential signs in to Azure SQL when the connection string has no password
 */
export async function openSyncDatabase(
  connectionString: string,
  tokenCredential?: TokenCredential,
): Promise<SyncDatabase> {
  const opened = await openWriteDatabase(connectionString, { appName: 'orders-sync', tokenCredential });
  if (opened.kind === 'sqlite') {
    const { sqliteSyncDatabase } = await import('./sqlite-sync-database.ts');
    return sqliteSyncDatabase(opened.database);
  }
  const { azureSqlSyncDatabase } = await import('./azure-sql-sync-database.ts');
  return azureSqlSyncDatabase(opened.database);
}
