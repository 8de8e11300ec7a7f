import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { type WriteStoreFixture, writeStoreContract } from './write-store-contract.ts';

const TABLES = ['Customers', 'Products', 'Orders', 'OrderItems', 'Commands', 'Events'];

/** A file in a folder of its own; clearing begins a new one. */
async function sqliteFixture(): Promise<WriteStoreFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'write-store-'));
  let files = 0;
  const path = () => join(folder, `${files}.db`);
  return {
    clear: async () => {
      files++;
    },
    open: () => openWriteStore(`sqlite:${path()}`),
    dump: async () => {
      const database = new DatabaseSync(path());
      const rows = TABLES.map((table) => [table, database.prepare(`SELECT * FROM ${table}`).all()]);
      database.close();
      return rows;
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

describe('WriteStore on SQLite', () => {
  writeStoreContract(sqliteFixture);
});
