import type { DatabaseSync } from 'node:sqlite';

/**
 * Prepares a read transaction, in which all statements see the file as of one point in time (in WAL mode), whatever other processes
 * commit meanwhile. It must not be called within another transaction.
 */
export function prepareReadTransaction(database: DatabaseSync): <Result>(read: () => Result) => Result {
  const begin = database.prepare('BEGIN');
  const end = database.prepare('COMMIT');
  return (read) => {
    begin.run();
    try {
      return read();
    } finally {
      end.run();
    }
  };
}
