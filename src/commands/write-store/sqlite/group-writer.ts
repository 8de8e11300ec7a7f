import type { DatabaseSync } from 'node:sqlite';

/** Most writes in one transaction; together they keep the event loop busy for some milliseconds. */
const MAX_GROUP = 64;

interface Job {
  /** Runs the write under its savepoint; what it returns settles the caller's promise once the group is committed. */
  readonly attempt: () => () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Group commit: writes that wait at the same time share one transaction, and so one flush to the disk, which is most of what
 * a commit costs. Each write has its own savepoint: one that throws is undone alone. Nobody hears of a success before the
 * transaction is committed; when that fails, all of the group fail.
 */
export class GroupWriter {
  readonly #database: DatabaseSync;
  #waiting: Job[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Runs a write as a whole or not at all. Rejects with what it threw, or with the database's fault. */
  run<Result>(write: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush());
      const attempt = () => {
        this.#database.exec('SAVEPOINT job');
        try {
          const result = write();
          this.#database.exec('RELEASE job');
          return () => resolve(result);
        } catch (error) {
          this.#undo(error);
          return () => reject(error);
        }
      };
      this.#waiting.push({ attempt, fail: reject });
    });
  }

  /** Runs all writes that wait. */
  flush(): void {
    while (this.#waiting.length > 0) this.#runGroup(this.#waiting.splice(0, MAX_GROUP));
  }

  #runGroup(group: readonly Job[]): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const settle = group.map(({ attempt }) => attempt());
      this.#database.exec('COMMIT');
      for (const tell of settle) tell();
    } catch (error) {
      this.#rollBack();
      for (const { fail } of group) fail(error);
    }
  }

  /** A full disk or a failed write may have ended the whole transaction (https://sqlite.org/lang_transaction.html, 3). */
  #undo(cause: unknown): void {
    try {
      this.#database.exec('ROLLBACK TO job; RELEASE job');
    } catch {
      throw cause;
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // there is no transaction: it did not begin, or SQLite has ended it already
    }
  }
}
