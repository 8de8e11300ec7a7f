import type { Runtime } from '../../shared/runtime.ts';
import { openWriteDatabase, type WriteDatabaseOptions } from '../../shared/write-database/open-write-database.ts';
import type { CustomerKeys } from './customer-keys.ts';
import type { EventArchive } from './event-archive.ts';
import type { Outbox } from './outbox.ts';
import type { UnconfirmedOrders } from './unconfirmed-orders.ts';
import type { WriteStore } from './write-store.ts';

export interface OpenOptions extends Pick<WriteDatabaseOptions, 'tokenCredential' | 'isReplica'> {
  readonly runtime: Runtime;
}

/** Opens the write store for a connection string (see `openWriteDatabase`). Throws when a file cannot be opened. */
export async function openWriteStore(
  connectionString: string,
  { runtime, ...options }: OpenOptions,
): Promise<WriteStore & Outbox & CustomerKeys & UnconfirmedOrders & EventArchive> {
  const opened = await openWriteDatabase(connectionString, { ...options, appName: 'orders-commands', runtime });
  if (opened.kind === 'sqlite') {
    const { SqliteWriteStore } = await import('./sqlite/sqlite-write-store.ts');
    return new SqliteWriteStore(opened.database, runtime);
  }
  const { AzureSqlWriteStore } = await import('./azure-sql/azure-sql-write-store.ts');
  return new AzureSqlWriteStore(opened.database, runtime);
}
