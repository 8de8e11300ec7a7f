import { isSqliteError } from '../src/shared/write-database/sqlite/sqlite-errors.ts';

/** A fault that the user can mend. The message is one sentence that names the file and the way out. */
export class StartFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFault';
  }
}

/** Primary result codes: https://sqlite.org/rescode.html */
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Codes of the file system: https://nodejs.org/api/errors.html#common-system-errors */
const FULL = new Set(['ENOSPC', 'EDQUOT']);
const NO_FOLDER = new Set(['ENOTDIR', 'EEXIST']);
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS']);

/** True when the content of a SQLite file is damaged, or is not a database. */
export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/**
 * Explains a fault of the data folder in one sentence.
 * @returns undefined when the error and its causes say nothing about the folder
 */
export function explainFault(error: unknown, folder: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StartFault) return error.message;
  if (isFull(error)) return `The disk that holds the folder ${folder} is full: free some space, then start again.`;
  if (isDamaged(error)) {
    return `A database in the folder ${folder} is damaged: restore the folder from a backup, or remove it to start from nothing.`;
  }
  if (hasCode(error, NO_FOLDER)) return `${folder} is not a folder: choose another one with --data.`;
  if (isNotWritable(error)) {
    return `The folder ${folder} cannot be written: give this user the right to write to it and its files, or choose another folder with --data.`;
  }
  return explainFault(error.cause, folder);
}

const isFull = (error: Error): boolean =>
  sqliteCode(error) === SQLITE_FULL || ('code' in error && FULL.has(String(error.code)));

function isNotWritable(error: Error): boolean {
  const code = sqliteCode(error);
  if (code === SQLITE_READONLY || code === SQLITE_CANTOPEN || hasCode(error, NOT_WRITABLE)) return true;
  // Node reports so when it creates a folder and its parents on a read-only file system.
  return 'syscall' in error && error.syscall === 'mkdir' && hasCode(error, new Set(['ENOENT']));
}

/** Only errors of the file system have a path: a port below 1024 is refused with EACCES, too. */
const hasCode = (error: Error, codes: ReadonlySet<string>): boolean =>
  'path' in error && 'code' in error && codes.has(String(error.code));

/** SQLite's primary result code, which is the low byte of the extended one. */
function sqliteCode(error: unknown): number | undefined {
  return isSqliteError(error) ? error.errcode & 0xff : undefined;
}
