import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';

/** A SQLite write store that delays the calls of a command, as a round trip to a server does. Concurrent calls wait at the same time. */
class DelayedWriteStore extends SqliteWriteStore {
  #roundTripMs = 0;

  static async open(file: string, roundTripMs: number): Promise<DelayedWriteStore> {
    const { database } = await openDatabase(file, systemRuntime);
    const store = new DelayedWriteStore(database, systemRuntime);
    store.#roundTripMs = roundTripMs;
    return store;
  }

  override async load(...request: Parameters<SqliteWriteStore['load']>) {
    await sleep(this.#roundTripMs);
    return super.load(...request);
  }

  override async commit(...commit: Parameters<SqliteWriteStore['commit']>) {
    await sleep(this.#roundTripMs);
    return super.commit(...commit);
  }

  override async markPublished(eventIds: readonly string[]) {
    await sleep(this.#roundTripMs);
    return super.markPublished(eventIds);
  }
}

/**
 * Opens a write store whose calls take as long as round trips to a database server.
 * @param file SQLite file
 * @param roundTripMs delay of each call in milliseconds
 */
export const openDelayedWriteStore = (file: string, roundTripMs: number): Promise<SqliteWriteStore> =>
  DelayedWriteStore.open(file, roundTripMs);
