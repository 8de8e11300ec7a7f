import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupWriter } from '../../src/commands/write-store/sqlite/group-writer.ts';
import { openSqliteWriteStore, SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { customerCommit, productCommit } from '../support/commands/commits.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-store-faults-'));
  path = join(folder, 'made', 'when missing', 'orders.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** The number of rows in a table, as another process sees it. */
function count(table: string): unknown {
  const database = new DatabaseSync(path);
  const row = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get();
  database.close();
  return row?.rows;
}

function startChild(): ChildProcess {
  return fork(new URL('./write-store-sqlite-child.ts', import.meta.url), [path]);
}

/** Resolves when the process sends this message; rejects when it ends first. */
function received(child: ChildProcess, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (sent) => sent === message && resolve());
    child.once('exit', (code) => reject(new Error(`The process ended with ${code} before it sent "${message}".`)));
  });
}

describe('opening a SQLite write store', () => {
  it('with a new file succeeds in several processes concurrently', async () => {
    await mkdir(dirname(path), { recursive: true });
    const starter = new DatabaseSync(path);
    starter.exec('BEGIN EXCLUSIVE');
    const children = Array.from({ length: 4 }, startChild);
    await Promise.all(children.map((child) => received(child, 'started')));
    starter.exec('ROLLBACK'); // now all of them can create the schema
    starter.close();
    await Promise.all(children.map((child) => received(child, 'open')));
    for (const child of children) child.kill('SIGKILL');
    expect(count('Customers')).toBe(0);
  });

  it('rejects a file with a newer schema version', async () => {
    const { database } = await openDatabase(path, systemRuntime);
    database.exec('PRAGMA user_version = 999');
    database.close();
    await expect(openSqliteWriteStore(path, systemRuntime)).rejects.toThrow('schema version 999');
  });

  it('finds earlier commits', async () => {
    const store = await openSqliteWriteStore(path, systemRuntime);
    await store.commit(customerCommit({ customerId: 'c' }));
    await store.close();
    const again = await openSqliteWriteStore(path, systemRuntime);
    const { customer } = await again.load({ commandId: 'x', customerId: 'c', productIds: [] });
    await again.close();
    expect(customer?.customerId).toBe('c');
  });

  it('writes no pages, which can contain personal data, to temporary files', async () => {
    const { database } = await openDatabase(path, systemRuntime);
    const setting = database.prepare('PRAGMA temp_store').get()?.temp_store;
    database.close();
    expect(setting).toBe(2); // MEMORY (https://sqlite.org/pragma.html#pragma_temp_store)
  });
});

describe('the key of an erased customer', () => {
  it('is no longer in the file, not even in a free page', async () => {
    const wrappedKey = 'd3JhcHBlZCBrZXkgb2YgYWRh';
    const key = { customerId: 'ada', keyId: 'key-of-ada', wrappedKey, masterKeyVersion: 'v1', isNew: true };
    const store = await openSqliteWriteStore(path, systemRuntime);
    await store.commit({ ...customerCommit({ customerId: 'ada' }), customerKey: key });
    const before = await fileOf();
    await store.commit({ ...customerCommit({ customerId: 'ada', version: 2 }), erasedCustomerId: 'ada' });
    const after = await fileOf();
    await store.close();
    expect([before.includes(wrappedKey), after.includes(wrappedKey)]).toEqual([true, false]);
  });

  /** The bytes of the file, including everything that was committed. */
  async function fileOf(): Promise<Buffer> {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return readFile(path);
  }
});

describe('a process killed in the middle of a commit', () => {
  it('leaves no trace of the commit and a usable file', async () => {
    const child = startChild();
    await received(child, 'open');
    child.send('write in a transaction');
    await received(child, 'written');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const store = await openSqliteWriteStore(path, systemRuntime);
    const outcome = await store.commit(customerCommit({ customerId: 'killed' }));
    await store.close();
    expect([outcome, count('Customers'), count('Events')]).toEqual([{ outcome: 'committed' }, 1, 1]);
  });
});

describe('a full disk', () => {
  /** A store whose file can grow by this many pages. */
  async function openWithSpaceFor(pages: number) {
    const { database } = await openDatabase(path, systemRuntime);
    const used = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${used + pages}`);
    return { database, store: new SqliteWriteStore(database, systemRuntime) };
  }
  const large = customerCommit({ customerId: 'large', name: 'x'.repeat(1_000_000) });

  it('fails the commit and leaves no trace of it', async () => {
    const { store } = await openWithSpaceFor(10);
    await expect(store.commit(large)).rejects.toThrow('full');
    await store.close();
    expect([count('Commands'), count('Events'), count('Customers')]).toEqual([0, 0, 0]);
  });

  it('lets only those commits succeed that are written', async () => {
    const { store } = await openWithSpaceFor(10);
    const outcomes = await Promise.allSettled([
      store.commit(customerCommit({ customerId: 'c1' })),
      store.commit(large),
      store.commit(productCommit({ productId: 'p1' })),
    ]);
    await store.close();
    const committed = outcomes.filter(({ status }) => status === 'fulfilled').length;
    expect(count('Commands')).toBe(committed);
  });

  it('does not stop the store from working once there is space', async () => {
    const { store, database } = await openWithSpaceFor(10);
    await expect(store.commit(large)).rejects.toThrow('full');
    database.exec('PRAGMA max_page_count = 1000000');
    expect(await store.commit(large)).toEqual({ outcome: 'committed' });
    await store.close();
  });

  it('fails the check of the store', async () => {
    await mkdir(dirname(path), { recursive: true });
    // A file beyond the limit of the process fails to grow, as on a full disk. The unit is 512 or 1,024 bytes, by shell.
    const command = 'ulimit -f 1000; exec "$0" "$@"';
    const child = ['test/contract/write-store-sqlite-full-disk-child.ts', path];
    const { stdout } = await promisify(execFile)('sh', ['-c', command, process.execPath, ...child]);
    expect(JSON.parse(stdout)).toEqual({ before: true, after: false });
  });
});

describe('a write store that cannot be written', () => {
  it('fails the check of the store', async () => {
    const { database } = await openDatabase(path, systemRuntime);
    const store = new SqliteWriteStore(database, systemRuntime);
    database.exec('PRAGMA query_only = ON');
    await expect(store.ping()).rejects.toThrow('readonly');
    database.exec('PRAGMA query_only = OFF');
    expect(await store.ping()).toBeUndefined();
    await store.close();
  });
});

describe('writes that share a transaction', () => {
  it('are rolled back individually when they throw', async () => {
    const { database } = await openDatabase(path, systemRuntime);
    database.exec('CREATE TABLE Notes (Note TEXT) STRICT');
    const writer = new GroupWriter(database, systemRuntime);
    const insert = database.prepare('INSERT INTO Notes VALUES (?)');
    const results = await Promise.allSettled([
      writer.run(() => insert.run('first').changes),
      writer.run(() => {
        insert.run('second');
        throw new Error('no');
      }),
      writer.run(() => insert.run('third').changes),
    ]);
    const notes = database.prepare('SELECT Note FROM Notes').all();
    database.close();
    expect([results.map(({ status }) => status), notes.map(({ Note }) => Note)]).toEqual([
      ['fulfilled', 'rejected', 'fulfilled'],
      ['first', 'third'],
    ]);
  });

  it('all fail when the transaction fails', async () => {
    const { database } = await openDatabase(path, systemRuntime);
    database.exec('CREATE TABLE Notes (Note TEXT) STRICT');
    const writer = new GroupWriter(database, systemRuntime);
    const insert = database.prepare('INSERT INTO Notes VALUES (?)');
    const results = await Promise.allSettled([
      writer.run(() => insert.run('first').changes),
      writer.run(() => {
        database.exec('ROLLBACK'); // as SQLite does on its own when the disk fails
        throw new Error('disk failed');
      }),
    ]);
    const notes = database.prepare('SELECT Note FROM Notes').all();
    database.close();
    expect([results.map(({ status }) => status), notes]).toEqual([['rejected', 'rejected'], []]);
  });

  it('are written before the store closes', async () => {
    const store = await openSqliteWriteStore(path, systemRuntime);
    const committing = store.commit(customerCommit({ customerId: 'c' }));
    await store.close();
    expect([await committing, count('Customers')]).toEqual([{ outcome: 'committed' }, 1]);
  });
});
