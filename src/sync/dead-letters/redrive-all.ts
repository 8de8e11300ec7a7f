import type { Clock } from '../../shared/runtime.ts';

/** How long (ms) one call redrives. This leaves time for a slow last attempt before the gateway's limit of 30 s. */
export const REDRIVING_MS = 15_000;

/** What a call has done: how many dead letters were redriven and how many failed again, and whether the time was not enough for all. */
interface Outcome {
  readonly redriven: number;
  readonly waiting: number;
  readonly more: boolean;
}

/**
 * Redrives dead letters one after the other, for `REDRIVING_MS`. Rejects with the errors of `letters` and `redriveOne`.
 * @param redriveOne whether the dead letter is redriven
 */
export async function redriveAll<Letter>(
  letters: AsyncIterable<Letter>,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
  redriveOne: (letter: Letter) => Promise<boolean>,
): Promise<Outcome> {
  const end = monotonicMs() + REDRIVING_MS;
  let redriven = 0;
  let waiting = 0;
  for await (const letter of letters) {
    if (monotonicMs() >= end) return { redriven, waiting, more: true };
    if (await redriveOne(letter)) redriven++;
    else waiting++;
  }
  return { redriven, waiting, more: false };
}
