import { percentile } from '../../src/shared/percentile.ts';

/** What a number of requests took. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  /** Requests that were answered with an error, or not at all. */
  readonly failed: number;
}

/** Runs the work on every input, so many at once. Work that resolves to false has failed. */
export async function load<Input>(
  inputs: readonly Input[],
  atOnce: number,
  work: (input: Input) => Promise<boolean>,
): Promise<LoadResult> {
  const durations: number[] = [];
  let failed = 0;
  const rest = inputs.values();
  const startedAt = performance.now();
  const worker = async () => {
    for (const input of rest) {
      const sentAt = performance.now();
      if (!(await work(input))) failed += 1;
      durations.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: inputs.length / seconds, p50Ms: percentile(durations, 50) ?? 0, failed };
}
