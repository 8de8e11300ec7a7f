import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import { isTransient } from './sql-errors.ts';

const MAX_ATTEMPTS = 5;
const BACKOFF: Backoff = { firstMs: 50, maxMs: 2_000 };

export interface RetryClock {
  readonly wait: (ms: number) => Promise<unknown>;
  /** A number from 0 to 1. */
  readonly random: () => number;
}

const realClock: RetryClock = { wait: (ms) => delay(ms), random: Math.random };

/**
 * Retries an operation after a transient fault of the database (`isTransient`). The operation must be idempotent: a connection may
 * break after the server has done the work and before it answered. Throws the error of the last attempt.
 */
export async function retryTransient<Result>(
  operation: () => Promise<Result>,
  { wait, random }: RetryClock = realClock,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isTransient(error)) throw error;
      await wait(backoffMs(attempt, BACKOFF, random));
    }
  }
}
