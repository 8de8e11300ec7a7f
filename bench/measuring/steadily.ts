import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts an operation at a steady rate, whether or not earlier ones have ended.
 * @param perSecond operations that are started in a second
 * @param seconds for how long
 * @returns when all have ended
 */
export async function steadily(
  perSecond: number,
  seconds: number,
  operation: (number: number) => Promise<unknown>,
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<unknown>[] = [];
  for (let number = 0; number < perSecond * seconds; number++) {
    const dueMs = startedAt + (number * 1_000) / perSecond - performance.now();
    if (dueMs > 0) await sleep(dueMs);
    running.push(operation(number));
  }
  await Promise.all(running);
}
