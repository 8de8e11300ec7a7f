import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../../shared/runtime.ts';

/** Maximum writes per transaction. A full group blocks the event loop for a few milliseconds. */
const MAX_GROUP = 64;

interface Job {
  /** Runs the write in its savepoint. Returns a function that settles the caller's promise once the group is committed. */
  readonly attempt: () => () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Group commit: writes that wait at the same time share one transaction and therefore one flush to disk, which dominates the cost
 * of a commit. Each write has its own savepoint, so a write that throws is rolled back alone. A write succeeds only when the
 * transaction is committed; if the commit fails, the whole group fails.
 */
export class GroupWriter {
  readonly #database: DatabaseSync;
  readonly #timer: Clock['timer'];
  #waiting: Job[] = [];

  constructor(database: DatabaseSync, { timer }: Pick<Clock, 'timer'>) {
    this.#database = database;
    this.#timer = timer;
  }

  /** Runs a write atomically. Rejects with the error that it threw, or with the database fault. */
  run<Result>(write: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) this.#timer(0, () => this.flush());
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

  /** Runs all waiting writes. */
  flush(): void {
    while (this.#waiting.length > 0) this.#runGroup(this.#waiting.splice(0, MAX_GROUP));
  }

  #runGroup(group: readonly Job[]): void {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const settlers = group.map(({ attempt }) => attempt());
      this.#database.exec('COMMIT');
      for (const settle of settlers) settle();
    } catch (error) {
      this.#rollBack();
      for (const { fail } of group) fail(error);
    }
  }

  /**
   * A full disk or an I/O error may have rolled back the whole transaction (https://sqlite.org/lang_transaction.html, section 3).
   */
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
      // no transaction is open: it did not start, or SQLite has already rolled it back
    }
  }
}
