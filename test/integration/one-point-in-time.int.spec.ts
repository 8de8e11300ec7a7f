import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteWriteStore } from '../../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { openDatabase } from '../../src/shared/write-database/sqlite/database.ts';
import { sqliteSyncDatabase } from '../../src/sync/database/sqlite-sync-database.ts';
import { customerCommit, orderCommit, productCommit } from '../support/commands/commits.ts';

const OLD = { keyId: 'key-1', wrappedKey: 'wrapped-1', masterKeyVersion: 'v1' };
const CURRENT = { keyId: 'key-2', wrappedKey: 'wrapped-2', masterKeyVersion: 'v1' };

const ERASE = `
  BEGIN;
  UPDATE CustomerKeys SET KeyId = NULL, WrappedKey = NULL, MasterKeyVersion = NULL, ErasedAt = '2026-03-01T00:00:00.000Z';
  DELETE FROM RetiredCustomerKeys;
  COMMIT;`;

const CHANGE_LINES = 'BEGIN; UPDATE Orders SET Version = 2; UPDATE OrderItems SET Quantity = 9; COMMIT;';

let folder: string;
let writer: DatabaseSync;
let reader: DatabaseSync;
/** How often another process has committed. */
let commits = 0;

beforeEach(async () => {
  commits = 0;
  folder = await mkdtemp(join(tmpdir(), 'one-point-in-time-'));
  const path = join(folder, 'orders.db');
  ({ database: writer } = await openDatabase(path, systemRuntime));
  ({ database: reader } = await openDatabase(path, systemRuntime));
  const store = new SqliteWriteStore(writer, systemRuntime);
  const key = { customerId: 'ada', isNew: true };
  await store.commit({ ...customerCommit({ customerId: 'ada' }), customerKey: { ...key, ...OLD } });
  const replaced = { ...key, ...CURRENT, replaces: OLD.keyId };
  await store.commit({ ...customerCommit({ customerId: 'ada', version: 2 }), customerKey: replaced });
  await store.commit(productCommit({ productId: 'p', stock: 10 }));
  await store.commit(orderCommit({ orderId: 'o', customerId: 'ada', lines: [['p', 2]] }));
});
afterEach(async () => {
  expect(commits).toBeGreaterThan(0);
  reader.close();
  writer.close();
  await rm(folder, { recursive: true });
});

/** Another process commits a change right before the reader's statement on a table. */
function commitBefore(table: string, change: string): void {
  const prepare = reader.prepare.bind(reader);
  const committing = (sql: string) => {
    const statement = prepare(sql);
    if (!new RegExp(`FROM ${table}\\b`).test(sql)) return statement;
    const all = statement.all.bind(statement);
    const commitAndRead = (parameters: Record<string, SQLInputValue>) => {
      writer.exec(change);
      commits++;
      return all(parameters);
    };
    return Object.assign(statement, { all: commitAndRead });
  };
  Object.assign(reader, { prepare: committing });
}

const syncDatabase = () => sqliteSyncDatabase(reader, systemRuntime);

describe('a read of several tables sees one point in time while another process commits', () => {
  it('the data keys of customers are all from before an erasure', async () => {
    commitBefore('RetiredCustomerKeys', ERASE);
    expect(await syncDatabase().readCustomerKeys(['ada'])).toEqual(new Map([['ada', [CURRENT, OLD]]]));
    expect(await syncDatabase().readCustomerKeys(['ada'])).toEqual(new Map([['ada', 'destroyed']]));
  });

  it('the data keys with stored events are all from before an erasure', async () => {
    commitBefore('RetiredCustomerKeys', ERASE);
    const store = new SqliteWriteStore(reader, systemRuntime);
    const { customer } = await store.readEvents({ aggregateType: 'Customer', aggregateId: 'ada' });
    expect(customer).toMatchObject({ erased: false, keys: [CURRENT, OLD] });
  });

  it('the exported data keys are all from before an erasure', async () => {
    commitBefore('RetiredCustomerKeys', ERASE);
    const customer = await syncDatabase().customerExport.customer('ada');
    expect(customer).toMatchObject({ keys: [{ keyId: 'key-2', erasedAt: null }], retiredKeys: [{ keyId: 'key-1' }] });
  });

  it('an exported order has the lines of its version', async () => {
    commitBefore('OrderItems', CHANGE_LINES);
    const { orders, items } = await syncDatabase().customerExport.orders('ada', '', 10);
    expect({ orders, items }).toMatchObject({ orders: [{ version: 1 }], items: [{ quantity: 2 }] });
  });
});
