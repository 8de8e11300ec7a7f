import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { MIGRATIONS } from './migrations.ts';
import { isBusy } from './sqlite-errors.ts';

/** Milliseconds that a statement waits for another process to finish its transaction. */
const BUSY_TIMEOUT_MS = 5_000;
/** SQLite does not wait when the journal mode is busy, so opening tries again: so often, after so many milliseconds. */
const OPEN_TRIES = 200;
const OPEN_RETRY_MS = 25;

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  /** Numbers of the migrations that this opening applied. */
  readonly applied: readonly number[];
}

/**
 * Opens the file, made with its folder when missing, and brings its schema up to date. Several processes may do so at once.
 * Throws when the file is no database, or was written by a newer version of this code.
 */
export async function openDatabase(path: string): Promise<OpenedDatabase> {
  await mkdir(dirname(path), { recursive: true });
  const sqlite = await import('node:sqlite');
  for (let tries = 1; ; tries++) {
    const database = new sqlite.DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    try {
      // FULL: a commit that was answered survives a power failure, too (https://sqlite.org/pragma.html#pragma_synchronous)
      // secure_delete: what is deleted or replaced is overwritten, so that nothing of a destroyed key stays in the file
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
      return { database, applied: migrate(database, path) };
    } catch (error) {
      database.close();
      if (!isBusy(error) || tries === OPEN_TRIES) throw error;
      await delay(OPEN_RETRY_MS);
    }
  }
}

function migrate(database: DatabaseSync, path: string): readonly number[] {
  if (schemaVersion(database) === MIGRATIONS.length) return [];
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(database); // again: another process may have migrated since
    if (version > MIGRATIONS.length) {
      throw new Error(
        `${path} has schema version ${version}, this program knows ${MIGRATIONS.length}: use a newer one.`,
      );
    }
    const missing = MIGRATIONS.slice(version);
    for (const migration of missing) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
    return missing.map((_, index) => version + index + 1);
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
