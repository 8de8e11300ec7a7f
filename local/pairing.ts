/**
 * Shows whether the read models' file was kept together with the write store. Every start writes the same random number into both, into
 * the field of SQLite's file header that is for the application (https://sqlite.org/pragma.html#pragma_application_id). A file that was
 * restored from an older backup has another number, and so has one whose rebuild was interrupted.
 */
import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

/** Numbers are signed and have 32 bits; 0 is that of a new file. */
const MAX_NUMBER = 2 ** 31 - 1;

/** Whether the read models' file has the number of the write store. */
export function isPaired(writeStore: DatabaseSync, readModels: string): boolean {
  const file = new DatabaseSync(readModels);
  try {
    return numberOf(file) === numberOf(writeStore);
  } finally {
    file.close();
  }
}

/** Writes a new number into the write store. The read models have no pair until they get the number, too. */
export function startPairing(writeStore: string): number {
  const number = randomInt(1, MAX_NUMBER);
  setNumber(writeStore, number);
  return number;
}

/** Writes the number into the read models' file, which is created if it does not exist. */
export function endPairing(readModels: string, number: number): void {
  setNumber(readModels, number);
}

function setNumber(path: string, number: number): void {
  const file = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    file.exec(`PRAGMA application_id = ${number}`);
  } finally {
    file.close();
  }
}

/** Running functions may be writing to the write store. */
const BUSY_TIMEOUT_MS = 5_000;

function numberOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA application_id').get()?.application_id);
}
