import { setTimeout as delay } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../../shared/backoff.ts';

/** Short at first, because most writes arrive soon. */
const BACKOFF: Backoff = { firstMs: 25, maxMs: 1_000 };

/**
 * Polls with backoff until the result is as the client wants it. Calls `read` at least once. The Functions host does not tell an app
 * that a client has gone (`HttpRequest` has no signal), so the time bounds every wait.
 * @param waitMs how long to wait
 * @returns the newest result, however it is when the time is over
 */
export async function waitUntil<Result>(
  read: () => Promise<Result>,
  isDone: (result: Result) => boolean,
  waitMs: number,
): Promise<Result> {
  const deadline = performance.now() + waitMs;
  for (let attempt = 1; ; attempt++) {
    const result = await read();
    const left = deadline - performance.now();
    if (isDone(result) || left <= 0) return result;
    await delay(Math.min(backoffMs(attempt, BACKOFF), left));
  }
}
