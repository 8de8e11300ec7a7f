import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { tablesOf } from '../support/commands/tables.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** A database file in a new folder. Clearing starts a new file. */
export async function sqliteFixture(): Promise<WriteStoreFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'write-store-'));
  let files = 0;
  const path = () => join(folder, `${files}.db`);
  return {
    clear: async () => {
      files++;
    },
    connectionString: () => `sqlite:${path()}`,
    open: () => openWriteStore(`sqlite:${path()}`, { runtime: systemRuntime }),
    dump: () => tablesOf(path()),
    remove: () => rm(folder, { recursive: true }),
  };
}
