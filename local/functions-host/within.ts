import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the work ends or the time limit (ms) is reached. Rejects when the work does. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([work, limit]).finally(() => ended.abort());
}
