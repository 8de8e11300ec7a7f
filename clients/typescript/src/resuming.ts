import { isTransient } from './errors.ts';
import { pause } from './pause.ts';

/**
 * Yields what an iteration yields. Starts it again whenever it ends or has a transient failure, until the signal is aborted. Any other
 * failure is thrown.
 */
export async function* resuming<Item>(signal: AbortSignal, iterate: () => AsyncGenerator<Item>): AsyncGenerator<Item> {
  while (!signal.aborted) {
    try {
      yield* iterate();
    } catch (error) {
      if (!signal.aborted && !isTransient(error)) throw error;
    }
    // The random pause spreads clients that lost their connections together.
    await pause(500 + Math.random() * 2_500, signal).catch(() => undefined);
  }
}
