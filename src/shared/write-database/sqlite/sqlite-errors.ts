/** Result code: https://sqlite.org/rescode.html (the low byte is the primary code). */
const SQLITE_BUSY = 5;

/** What node:sqlite throws (https://nodejs.org/api/sqlite.html): `errcode` is SQLite's extended result code. */
export interface SqliteError extends Error {
  readonly errcode: number;
}

/** True for what node:sqlite throws. */
export function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** True when another process holds a lock. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && (error.errcode & 0xff) === SQLITE_BUSY;
}
