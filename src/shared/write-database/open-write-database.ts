import type { DatabaseSync } from 'node:sqlite';
import type { TokenCredential } from '@azure/identity';
import type { ConnectionPool } from 'mssql';
import { sqlitePath } from './sqlite-path.ts';

/** An open write database: a SQLite file, or a connection pool for SQL Server. */
export type WriteDatabase = (
  | { readonly kind: 'sqlite'; readonly database: DatabaseSync }
  | { readonly kind: 'azure-sql'; readonly pool: ConnectionPool }
) & { close(): Promise<void> };

export interface WriteDatabaseOptions {
  /** Application name that the server shows for the connections. */
  readonly appName: string;
  /** Signs in to Azure SQL when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
}

/**
 * Opens the write database. `sqlite:<path>` is a file, which is created and migrated when needed. Anything else is a SQL Server
 * connection string. Drivers are loaded on demand, so that a cold start loads only one. Throws when the database is unavailable
 * or rejects the login.
 */
export async function openWriteDatabase(
  connectionString: string,
  options: WriteDatabaseOptions,
): Promise<WriteDatabase> {
  const path = sqlitePath(connectionString);
  if (path !== undefined) {
    const { openDatabase } = await import('./sqlite/database.ts');
    const { database } = await openDatabase(path);
    return { kind: 'sqlite', database, close: async () => database.close() };
  }
  const [{ openPool }, { retryTransient }] = await Promise.all([
    import('./azure-sql/pool.ts'),
    import('./azure-sql/retry.ts'),
  ]);
  const pool = await retryTransient(() => openPool(connectionString, options));
  return { kind: 'azure-sql', pool, close: () => pool.close() };
}
