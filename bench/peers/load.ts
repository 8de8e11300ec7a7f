import { percentile } from '../../src/shared/percentile.ts';
import { inParallel } from '../measuring/drive.ts';

/** What a number of requests took. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  /** Requests that were answered with an error, or not at all. */
  readonly failed: number;
}

/**
 * Sends requests, and measures their rate and their durations.
 * @param atOnce requests in flight at the same time
 * @param send resolves to whether the request succeeded
 */
export async function load<Input>(
  inputs: readonly Input[],
  atOnce: number,
  send: (input: Input) => Promise<boolean>,
): Promise<LoadResult> {
  const durations: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  await inParallel(inputs, atOnce, async (input) => {
    const sentAt = performance.now();
    if (!(await send(input))) failed += 1;
    durations.push(performance.now() - sentAt);
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: inputs.length / seconds, p50Ms: percentile(durations, 50) ?? 0, failed };
}
