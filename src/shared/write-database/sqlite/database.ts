import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../runtime.ts';
import { MIGRATIONS } from './migrations.ts';
import { isBusy } from './sqlite-errors.ts';

/** Milliseconds that a statement waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** SQLite does not wait when another process is changing the journal mode, so opening retries. */
const MAX_OPEN_ATTEMPTS = 200;
const OPEN_RETRY_MS = 25;

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Numbers of the migrations that were applied when the file was opened. */
  readonly applied: readonly number[];
}

/**
 * Opens an existing file for reading only, as a replica: writes fail, and the schema is not migrated. Throws when there is no such
 * file.
 */
export async function openReplica(path: string): Promise<DatabaseSync> {
  const sqlite = await import('node:sqlite');
  return new sqlite.DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/**
 * Opens the file and migrates its schema. Creates the file and its folder when they do not exist. Safe to run concurrently in
 * several processes. Throws when the file is not a database or has a newer schema version.
 */
export async function openDatabase(path: string, { delay }: Pick<Clock, 'delay'>): Promise<OpenedDatabase> {
  await mkdir(dirname(path), { recursive: true });
  const sqlite = await import('node:sqlite');
  for (let attempt = 1; ; attempt++) {
    const database = new sqlite.DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    try {
      // FULL: a completed commit also survives a power failure (https://sqlite.org/pragma.html#pragma_synchronous)
      // secure_delete: deleted content is overwritten with zeros, so that no part of a destroyed key remains in the file
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
      // temp_store: pages that a rollback to a savepoint needs stay in memory, not in temporary files outside of the data folder
      // cache_size: 16 MiB (negative: in KiB), because random ids touch pages all over the file. The default is 2,000 KiB
      database.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;');
      return { database, applied: migrate(database, path) };
    } catch (error) {
      database.close();
      if (!isBusy(error) || attempt === MAX_OPEN_ATTEMPTS) throw error;
      await delay(OPEN_RETRY_MS);
    }
  }
}

function migrate(database: DatabaseSync, path: string): readonly number[] {
  if (schemaVersion(database) === MIGRATIONS.length) return [];
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(database); // read again: another process may have migrated in the meantime
    if (version > MIGRATIONS.length) {
      throw new Error(
        `${path} has schema version ${version}, but this program supports only ${MIGRATIONS.length}: upgrade the program.`,
      );
    }
    const missing = MIGRATIONS.slice(version);
    for (const migration of missing) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
    return missing.map((_, index) => version + index + 1);
  } catch (error) {
    // A full disk has already rolled the transaction back (https://sqlite.org/lang_transaction.html)
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
