import type { TokenCredential } from '@azure/identity';
import type { Runtime } from '../../shared/runtime.ts';
import { openWriteDatabase } from '../../shared/write-database/open-write-database.ts';
import type { Outbox } from './outbox.ts';
import type { UnconfirmedOrders } from './unconfirmed-orders.ts';
import type { CustomerKeys, WriteStore } from './write-store.ts';

export interface OpenOptions {
  /** Signs in to Azure SQL when the connection string has no password. */
  readonly tokenCredential?: TokenCredential;
  readonly runtime: Runtime;
}

/** Opens the write store for a connection string (see `openWriteDatabase`). Throws when a file cannot be opened. */
export async function openWriteStore(
  connectionString: string,
  { tokenCredential, runtime }: OpenOptions,
): Promise<WriteStore & Outbox & CustomerKeys & UnconfirmedOrders> {
  const opened = await openWriteDatabase(connectionString, { appName: 'orders-commands', tokenCredential, runtime });
  if (opened.kind === 'sqlite') {
    const { SqliteWriteStore } = await import('./sqlite/sqlite-write-store.ts');
    return new SqliteWriteStore(opened.database, runtime);
  }
  const { AzureSqlWriteStore } = await import('./azure-sql/azure-sql-write-store.ts');
  return new AzureSqlWriteStore(opened.database, runtime);
}
