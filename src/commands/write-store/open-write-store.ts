import type { TokenCredential } from '@azure/identity';
import { sqlitePath } from './sqlite-path.ts';
import type { Outbox, WriteStore } from './write-store.ts';

export interface OpenOptions {
  /** Signs in to Azure SQL when the connection string names no user. */
  readonly tokenCredential?: TokenCredential;
}

/**
 * Opens the write database: `sqlite:<path>` is a file, anything else a SQL Server connection string. Each driver is loaded
 * when it is needed, so that a cold start pays for one of them. Throws when the database cannot be reached.
 */
export async function openWriteStore(
  connectionString: string,
  { tokenCredential }: OpenOptions = {},
): Promise<WriteStore & Outbox> {
  const path = sqlitePath(connectionString);
  if (path !== undefined) {
    const { openSqliteWriteStore } = await import('./sqlite/sqlite-write-store.ts');
    return openSqliteWriteStore(path);
  }
  const { openAzureSqlWriteStore } = await import('./azure-sql/azure-sql-write-store.ts');
  return openAzureSqlWriteStore(connectionString, tokenCredential);
}
