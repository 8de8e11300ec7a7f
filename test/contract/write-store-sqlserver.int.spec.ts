import { randomBytes } from 'node:crypto';
import type sql from 'mssql';
import { describe } from 'vitest';
import { migrateAzureSql } from '../../src/commands/write-store/azure-sql/migrate.ts';
import { openPool } from '../../src/commands/write-store/azure-sql/pool.ts';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { type WriteStoreFixture, writeStoreContract } from './write-store-contract.ts';

const connectionString = process.env.TEST_SQL_CONNECTION_STRING;
const TABLES = ['OrderItems', 'Orders', 'Events', 'Commands', 'Customers', 'Products'];

/** The same connection string with another database. */
function withDatabase(text: string, database: string): string {
  return `${text.replace(/(^|;)\s*(database|initial catalog)\s*=[^;]*/gi, '').replace(/;+$/, '')};Database=${database}`;
}

/** A database of its own, made and dropped on the server; the login must be allowed to. Migrating twice at once must do. */
async function sqlServerFixture(server: string): Promise<WriteStoreFixture> {
  const database = `orders_test_${randomBytes(6).toString('hex')}`;
  const scratch = withDatabase(server, database);
  const master = await openPool(withDatabase(server, 'master'), undefined, { requestTimeout: 300_000 });
  await master.batch(`CREATE DATABASE ${database}`);
  await Promise.all([migrateAzureSql(scratch), migrateAzureSql(scratch)]);
  const pool: sql.ConnectionPool = await openPool(scratch);
  return {
    clear: async () => {
      await pool.batch(TABLES.map((table) => `DELETE FROM orders.${table};`).join('\n'));
    },
    open: () => openWriteStore(scratch),
    dump: async () => {
      const { recordsets } = await pool.batch(TABLES.map((table) => `SELECT * FROM orders.${table};`).join('\n'));
      return recordsets;
    },
    remove: async () => {
      await pool.close();
      await master.batch(`DROP DATABASE ${database}`);
      await master.close();
    },
  };
}

const title = connectionString
  ? 'WriteStore on SQL Server'
  : 'WriteStore on SQL Server (skipped: TEST_SQL_CONNECTION_STRING names no server on which databases may be made)';

describe.skipIf(!connectionString)(title, () => {
  writeStoreContract(() => sqlServerFixture(connectionString ?? ''));
});
