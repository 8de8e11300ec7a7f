import { randomBytes } from 'node:crypto';
import type sql from 'mssql';
import { openWriteStore } from '../../src/commands/write-store/open-write-store.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { migrateAzureSql } from '../../src/shared/write-database/azure-sql/migrate.ts';
import { openPool } from '../../src/shared/write-database/azure-sql/pool.ts';
import { tablesBy } from '../support/commands/tables.ts';
import { TABLES } from '../support/commands/write-store-rows.ts';
import type { WriteStoreFixture } from './write-store-context.ts';

/** Connection string of a server on which the tests can create databases. Without it, the SQL Server suites are skipped. */
export const sqlServer = process.env.TEST_SQL_CONNECTION_STRING;

const OPTIONS = { runtime: systemRuntime, appName: 'orders-test' };

/** The title of a suite, with the reason if it is skipped. */
export function sqlServerTitle(subject: string): string {
  if (sqlServer) return `${subject} on SQL Server`;
  return `${subject} on SQL Server (skipped: TEST_SQL_CONNECTION_STRING is not set to a server on which databases can be created)`;
}

/** The connection string with another database. */
function withDatabase(text: string, database: string): string {
  return `${text.replace(/(^|;)\s*(database|initial catalog)\s*=[^;]*/gi, '').replace(/;+$/, '')};Database=${database}`;
}

/** Creates a database on the server and drops it at the end, which the login must be allowed to do. Concurrent migrations must be safe. */
export async function sqlServerFixture(server: string): Promise<WriteStoreFixture> {
  const database = `orders_test_${randomBytes(6).toString('hex')}`;
  const scratch = withDatabase(server, database);
  const master = await openPool(withDatabase(server, 'master'), { ...OPTIONS, requestTimeout: 300_000 });
  await master.batch(`CREATE DATABASE ${database}`);
  await Promise.all([1, 2].map(() => migrateAzureSql(scratch, OPTIONS)));
  const pool: sql.ConnectionPool = await openPool(scratch, OPTIONS);
  return {
    clear: async () => {
      await pool.batch(
        [
          'DiscontinuedProducts',
          'ErasureRequests',
          'LastLines',
          ...TABLES,
          'RefusedEvents',
          'SyncLags',
          'SyncStalls',
          'Webhooks',
        ]
          .map((table) => `DELETE FROM orders.${table};`)
          .join('\n'),
      );
    },
    connectionString: () => scratch,
    open: () => openWriteStore(scratch, OPTIONS),
    dump: () => tablesBy(async (table) => (await pool.batch<object>(`SELECT * FROM orders.${table}`)).recordset),
    remove: async () => {
      await pool.close();
      await master.batch(`DROP DATABASE ${database}`);
      await master.close();
    },
  };
}
