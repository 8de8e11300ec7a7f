import { type Backoff, backoffMs } from '../../backoff.ts';
import type { Deadline } from '../../deadline.ts';
import type { Runtime } from '../../runtime.ts';
import { reportRetry } from '../../telemetry/report-retry.ts';
import { isTransient } from './sql-errors.ts';

const MAX_ATTEMPTS = 5;
const BACKOFF: Backoff = { firstMs: 50, maxMs: 2_000 };

/** The clock stands still: no attempt takes time, and a retry always ends in time. */
const UNLIMITED: Pick<Deadline, 'remainingMs'> = { remainingMs: () => Number.MAX_SAFE_INTEGER };

/**
 * Retries an operation after a transient fault of the database (`isTransient`). The operation must be idempotent, because a
 * connection may break after the server has finished the work but before it responds. Throws the error of the last attempt.
 * @param deadline no retry starts that would end after it, assuming that it takes as long as the failed attempt
 */
export async function retryTransient<Result>(
  operation: () => Promise<Result>,
  { delay, random }: Pick<Runtime, 'delay' | 'random'>,
  deadline: Pick<Deadline, 'remainingMs'> = UNLIMITED,
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
      reportRetry({ component: 'write-database', reason: 'transient-fault', count: 1 });
      await delay(waitMs);
    }
  }
}
