import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../backoff.ts';
import type { Deadline } from '../../deadline.ts';
import { isTransient } from './sql-errors.ts';

const MAX_ATTEMPTS = 5;
const BACKOFF: Backoff = { firstMs: 50, maxMs: 2_000 };

export interface RetryOptions {
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Returns a number from 0 to 1. */
  readonly random?: () => number;
  /** No retry begins that would end after it. A retry is expected to take as long as the attempt that failed. */
  readonly deadline?: Pick<Deadline, 'remainingMs'> | undefined;
}

/** The clock stands still: no attempt takes time, and a retry always ends in time. */
const UNLIMITED: Pick<Deadline, 'remainingMs'> = { remainingMs: () => Number.MAX_SAFE_INTEGER };

/**
 * Retries an operation after a transient fault of the database (`isTransient`). The operation must be idempotent, because a
 * connection may break after the server has finished the work but before it responds. Throws the error of the last attempt.
 */
export async function retryTransient<Result>(
  operation: () => Promise<Result>,
  { wait = delay, random = Math.random, deadline = UNLIMITED }: RetryOptions = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const before = deadline.remainingMs();
    try {
      return await operation();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isTransient(error)) throw error;
      const waitMs = backoffMs(attempt, BACKOFF, random);
      const remainingMs = deadline.remainingMs();
      const tookMs = before - remainingMs;
      if (waitMs + tookMs > remainingMs) throw error;
      await wait(waitMs);
    }
  }
}
