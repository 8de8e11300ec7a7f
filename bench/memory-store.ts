import { SqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';

/** Opens an in-memory write store, for benchmarks that count rather than time. */
export async function openMemoryStore(): Promise<SqliteWriteStore> {
  const { database } = await openDatabase(':memory:', systemRuntime);
  return new SqliteWriteStore(database, systemRuntime);
}
