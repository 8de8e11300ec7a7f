import type { DatabaseSync } from 'node:sqlite';
import type { TokenCredential } from '@azure/identity';
import type { Runtime } from '../runtime.ts';
import type { SqlDatabase } from './azure-sql/sql-database.ts';
import { sqlitePath } from './sqlite-path.ts';

/** An open write database: a SQLite file, or SQL Server. */
export type WriteDatabase = (
  | { readonly kind: 'sqlite'; readonly database: DatabaseSync }
  | { readonly kind: 'azure-sql'; readonly database: SqlDatabase }
) & { close(): Promise<void> };

export interface WriteDatabaseOptions {
  /** Application name that the server shows for the connections. */
  readonly appName: string;
  /** Signs in to Azure SQL when the connection string has no password. */
  readonly tokenCredential?: TokenCredential | undefined;
  /** Opens a readable replica: a file for reading only, which must exist. Servers say themselves what they are. */
  readonly isReplica?: boolean | undefined;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>;
}

/**
 * Opens the write database. `sqlite:<path>` is a file, which is created and migrated when needed. Anything else is a SQL Server
 * connection string, which is connected to on first use: an outage then fails the requests, which say so, and ends by itself.
 * Drivers are loaded on demand, so that a cold start loads only one. Throws when a file cannot be opened.
 */
export async function openWriteDatabase(
  connectionString: string,
  options: WriteDatabaseOptions,
): Promise<WriteDatabase> {
  const path = sqlitePath(connectionString);
  if (path !== undefined) {
    const { openDatabase, openReplica } = await import('./sqlite/database.ts');
    const database = options.isReplica ? await openReplica(path) : (await openDatabase(path, options.runtime)).database;
    return { kind: 'sqlite', database, close: async () => database.close() };
  }
  const { sqlDatabase } = await import('./azure-sql/sql-database.ts');
  const database = sqlDatabase(connectionString, options);
  return { kind: 'azure-sql', database, close: database.close };
}
