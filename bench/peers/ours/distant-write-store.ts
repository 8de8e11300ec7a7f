import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteWriteStore } from '../../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { openDatabase } from '../../../src/shared/write-database/sqlite/database.ts';

/** The SQLite file as if it were a server: what a command does waits for a round trip, without holding the file. */
class DistantWriteStore extends SqliteWriteStore {
  #latencyMs = 0;

  static async open(file: string, latencyMs: number): Promise<DistantWriteStore> {
    const { database } = await openDatabase(file, systemRuntime);
    const store = new DistantWriteStore(database, systemRuntime);
    store.#latencyMs = latencyMs;
    return store;
  }

  override async load(...request: Parameters<SqliteWriteStore['load']>) {
    await sleep(this.#latencyMs);
    return super.load(...request);
  }

  override async commit(...commit: Parameters<SqliteWriteStore['commit']>) {
    await sleep(this.#latencyMs);
    return super.commit(...commit);
  }

  override async markPublished(eventIds: readonly string[]) {
    await sleep(this.#latencyMs);
    return super.markPublished(eventIds);
  }
}

export const openDistantWriteStore = DistantWriteStore.open;
