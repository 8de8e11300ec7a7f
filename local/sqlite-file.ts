import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isSqliteError } from '../src/shared/write-database/sqlite/sqlite-errors.ts';

/** The tables of a file, and their version. */
export interface FileSchema {
  readonly version: number;
  readonly tables: string;
}

/**
 * Opens the SQLite file of a stand-in, and creates it with its folder and tables if it does not exist.
 *
 * WAL with `synchronous = NORMAL` (https://sqlite.org/pragma.html#pragma_synchronous): commits survive any end of the process; only
 * a failure of the whole machine can lose the last of them.
 * @throws if another program has the file open, or its tables have another version
 */
export async function openSqliteFile(path: string, { version, tables }: FileSchema): Promise<DatabaseSync> {
  await mkdir(dirname(path), { recursive: true });
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // secure_delete, as in the write store: nothing of an erased customer's documents stays in free pages
    database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;`);
    const found = userVersion(database);
    if (found === 0) database.exec(`BEGIN IMMEDIATE; ${tables}; PRAGMA user_version = ${version}; COMMIT`);
    else if (found !== version) throw new Error(`${path} was written by another version of this program: remove it.`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @returns whether the file exists, is an undamaged database, and has the tables of this version */
export async function hasSchema(path: string, { version }: FileSchema): Promise<boolean> {
  if (!existsSync(path)) return false;
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path);
  try {
    return userVersion(database) === version && isSound(database);
  } catch (error) {
    if (isSqliteError(error)) return false;
    throw error;
  } finally {
    database.close();
  }
}

/**
 * Checks the structure of a database by reading all its pages (https://sqlite.org/pragma.html#pragma_quick_check).
 * @throws when the damage prevents the check
 */
export function isSound(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
}

function userVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

/** Combines several writes into one transaction. */
export class Transaction {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #open = false;

  constructor(database: DatabaseSync) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  /** Call this before each write. */
  begin(): void {
    if (this.#open) return;
    this.#begin.run();
    this.#open = true;
  }

  commit(): void {
    if (!this.#open) return;
    this.#commit.run();
    this.#open = false;
  }
}
