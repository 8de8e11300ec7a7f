import { isTransient, TokenError } from './errors.ts';
import { pause } from './pause.ts';

/**
 * Yields what an iteration yields. Starts it again whenever it ends, has a transient failure or gets no token, until the signal is aborted.
 * Any other failure is thrown. The pauses grow until the iteration calls `isWorking`.
 */
export async function* resuming<Item>(
  signal: AbortSignal,
  iterate: (isWorking: () => void) => AsyncGenerator<Item>,
): AsyncGenerator<Item> {
  let failures = 0;
  const isWorking = (): void => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      yield* iterate(isWorking);
    } catch (error) {
      if (!signal.aborted && !isTransient(error) && !(error instanceof TokenError)) throw error;
    }
    // The random pause spreads clients that lost their connections together.
    await pause(500 + Math.random() * Math.min(2_500 * 2 ** failures, 30_000), signal).catch(() => undefined);
    failures += 1;
  }
}
