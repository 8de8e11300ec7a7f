import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from './sql-errors.ts';

/** Tries in all, the first wait (ms) and the longest one; each wait doubles and is shortened by chance. */
const TRIES = 5;
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

export interface RetryClock {
  readonly wait: (ms: number) => Promise<unknown>;
  /** 0 to 1: spreads the tries of processes that failed together. */
  readonly random: () => number;
}

const realClock: RetryClock = { wait: (ms) => delay(ms), random: Math.random };

/**
 * Runs an operation again when the database failed in a way that passes (`isTransient`). The operation must bear to be run
 * twice, since a connection may break after the server has done the work and before it said so.
 * Throws what the last try threw.
 */
export async function retryTransient<Result>(
  operation: () => Promise<Result>,
  { wait, random }: RetryClock = realClock,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await operation();
    } catch (error) {
      if (tries === TRIES || !isTransient(error)) throw error;
      const longest = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
      await wait((longest * (1 + random())) / 2);
    }
  }
}
