import { SqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';

/** A write store that lasts as long as the process: for what is counted, not timed. */
export async function openMemoryStore(): Promise<SqliteWriteStore> {
  const { database } = await openDatabase(':memory:');
  return new SqliteWriteStore(database);
}
