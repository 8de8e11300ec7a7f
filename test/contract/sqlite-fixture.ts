import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { tablesOf } from '../support/commands/tables.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** A file in a folder of its own; clearing begins a new one. */
export async function sqliteFixture(): Promise<WriteStoreFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'write-store-'));
  let files = 0;
  const path = () => join(folder, `${files}.db`);
  return {
    clear: async () => {
      files++;
    },
    connectionString: () => `sqlite:${path()}`,
    open: () => openWriteStore(`sqlite:${path()}`),
    dump: () => tablesOf(path()),
    remove: () => rm(folder, { recursive: true }),
  };
}
