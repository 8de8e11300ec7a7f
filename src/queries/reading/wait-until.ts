import { type Backoff, backoffMs } from '../../shared/backoff.ts';
import type { Runtime } from '../../shared/runtime.ts';

/** Short at first, because most writes arrive soon. */
const BACKOFF: Backoff = { firstMs: 25, maxMs: 1_000 };

export type WaitRuntime = Pick<Runtime, 'monotonicMs' | 'delay' | 'random'>;

/**
 * Polls with backoff until the result is what the client waits for. Calls `read` at least once. The Functions host does not report a
 * disconnected client to the app (`HttpRequest` has no signal), so every wait has a time limit.
 * @param endsAt when to stop, on the monotonic clock (ms)
 * @returns the newest result, whatever it is when the time is over
 */
export async function waitUntil<Result>(
  read: () => Promise<Result>,
  isDone: (result: Result) => boolean,
  endsAt: number,
  { monotonicMs, delay, random }: WaitRuntime,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const result = await read();
    const left = endsAt - monotonicMs();
    if (isDone(result) || left <= 0) return result;
    await delay(Math.min(backoffMs(attempt, BACKOFF, random), left));
  }
}
