import type { DatabaseSync } from 'node:sqlite';
import type { TokenCredential } from '@azure/identity';
import type { ConnectionPool } from 'mssql';
import { sqlitePath } from './sqlite-path.ts';

/** The write database, opened: a file, or connections to SQL Server. */
export type WriteDatabase = (
  | { readonly kind: 'sqlite'; readonly database: DatabaseSync }
  | { readonly kind: 'azure-sql'; readonly pool: ConnectionPool }
) & { close(): Promise<void> };

export interface WriteDatabaseOptions {
  /** Whose connections these are, as the server lists them. */
  readonly appName: string;
  /** Signs in to Azure SQL when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
}

/**
 * Opens the write database: `sqlite:<path>` is a file, made and migrated when needed, anything else a SQL Server connection
 * string. Each driver is loaded when it is needed, so that a cold start pays for one of them. Throws when the database cannot
 * be reached or refuses the login.
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
