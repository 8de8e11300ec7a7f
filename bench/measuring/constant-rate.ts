import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts an operation at a constant rate, whether or not earlier ones have ended.
 * @param perSecond operations to start per second
 * @param seconds how long to start operations
 * @param operation receives its number, from 0
 * @returns when all have ended
 */
export async function atConstantRate(
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
