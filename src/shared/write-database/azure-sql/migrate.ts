import type sql from 'mssql';
import * as z from 'zod';
import { openPool, type PoolOptions } from './pool.ts';
import { readScript, readScripts, type SqlScript } from './scripts.ts';

/** Milliseconds that a migration waits for another migration of the same database. */
const LOCK_TIMEOUT_MS = 60_000;
/** Timeout of one batch in milliseconds. A migration may have to move many rows. */
const BATCH_TIMEOUT_MS = 1_800_000;

const appliedScripts = z.array(z.object({ name: z.string(), hash: z.string() }));

/** `orders.LoadForCommand` uses snapshot isolation, which only Azure SQL enables by default. Not allowed in a transaction. */
const ALLOW_SNAPSHOTS = `
  IF (SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()) = 0
    ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON;`;

const LOCK = `
  DECLARE @Locked int;
  EXEC @Locked = sys.sp_getapplock @Resource = N'orders.Migrate', @LockMode = N'Exclusive', @LockOwner = N'Transaction',
    @LockTimeout = ${LOCK_TIMEOUT_MS};
  IF @Locked < 0 THROW 51005, N'Another migration of this database is still running.', 1;`;

/**
 * Where a command and the migration wait for each other, the command fails and is retried (error 1205), since a migration would have
 * to start over. Set before each script, because the setting lasts until a script changes it.
 */
const DEADLOCK_PRIORITY = 'SET DEADLOCK_PRIORITY HIGH;';

/**
 * Migrates a database: applies missing migrations, then changed procedures, in one transaction under an application lock. Safe to
 * run concurrently. A failed migration leaves the database unchanged. The login must own the database (db_owner, or ddl_admin and
 * security_admin).
 * @returns names of the scripts that were applied
 * @throws when a migration was changed after it was applied, when the database is newer than these sources, and on any fault of
 *   the database
 */
export async function migrateAzureSql(
  connectionString: string,
  options: Omit<PoolOptions, 'appName' | 'requestTimeout'>,
): Promise<readonly string[]> {
  const [appliedScriptsTable, migrations, procedures] = await Promise.all([
    readScript('applied-scripts.sql'),
    readScripts('migrations'),
    readScripts('procedures'),
  ]);
  const pool = await openPool(connectionString, {
    appName: 'orders-migrate',
    ...options,
    requestTimeout: BATCH_TIMEOUT_MS,
  });
  try {
    await pool.batch(ALLOW_SNAPSHOTS);
    return await inTransaction(pool, async (transaction) => {
      await transaction.request().batch(LOCK);
      await runScript(transaction, appliedScriptsTable);
      const missing = scriptsToApply(await readApplied(transaction), migrations, procedures);
      for (const script of missing) await apply(transaction, script);
      return missing.map(({ name }) => name);
    });
  } finally {
    await pool.close();
  }
}

/**
 * Returns migrations that were never applied and procedures that have changed since they were applied.
 * @param applied hash by script name
 * @throws when a migration was changed after it was applied, or when an applied one is missing from `migrations`: the procedures
 *   of older sources do not know the newer tables
 */
export function scriptsToApply(
  applied: ReadonlyMap<string, string>,
  migrations: readonly SqlScript[],
  procedures: readonly SqlScript[],
): readonly SqlScript[] {
  const changed = migrations.filter(({ name, hash }) => applied.has(name) && applied.get(name) !== hash);
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(', ');
    throw new Error(`An applied migration must not change: add a new migration instead of changing ${names}.`);
  }
  const known = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => name.startsWith('migrations/') && !known.has(name)).sort();
  if (newer.length > 0) {
    throw new Error(
      `The database is newer than these sources, which do not have ${newer.join(', ')}. To go back to older apps, deploy their packages from newer sources.`,
    );
  }
  return [
    ...migrations.filter(({ name }) => !applied.has(name)),
    ...procedures.filter(({ name, hash }) => applied.get(name) !== hash),
  ];
}

async function inTransaction<Result>(
  pool: sql.ConnectionPool,
  work: (transaction: sql.Transaction) => Promise<Result>,
): Promise<Result> {
  const transaction = pool.transaction();
  await transaction.begin();
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback().catch(() => undefined); // on most errors the server has already rolled back
    throw error;
  }
}

async function readApplied(transaction: sql.Transaction): Promise<ReadonlyMap<string, string>> {
  const query = 'SELECT ScriptName AS name, ScriptHash AS hash FROM orders.AppliedScripts';
  const { recordset } = await transaction.request().query(query);
  return new Map(appliedScripts.parse(recordset).map(({ name, hash }) => [name, hash]));
}

async function apply(transaction: sql.Transaction, script: SqlScript): Promise<void> {
  await runScript(transaction, script);
  const record = transaction.request();
  record.input('name', script.name);
  record.input('hash', script.hash);
  await record.query(`
    DELETE FROM orders.AppliedScripts WHERE ScriptName = @name;
    INSERT INTO orders.AppliedScripts (ScriptName, ScriptHash) VALUES (@name, @hash);`);
}

/** Where batches run, one after the other on one connection. */
export interface BatchRunner {
  request(): { batch(text: string): Promise<unknown> };
}

/** Runs the batches of a script at a high deadlock priority. Throws an error that names the script. */
export async function runScript(transaction: BatchRunner, { name, batches }: SqlScript): Promise<void> {
  for (const batch of [DEADLOCK_PRIORITY, ...batches]) {
    try {
      await transaction.request().batch(batch);
    } catch (error) {
      throw new Error(`${name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}
