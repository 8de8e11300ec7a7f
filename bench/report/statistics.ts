/** The median, the smallest and the largest of several measurements. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Summarizes the measurements of several rounds.
 * @throws {Error} when there are none
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('Nothing was measured.');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? max;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/**
 * Divides two alternatives round by round, so that a slow moment of the machine affects both sides of a ratio.
 * @param measured one number per round
 * @param base one number per round, in the same order
 */
export function ratiosOf(measured: readonly number[], base: readonly number[]): readonly number[] {
  return measured.map((value, round) => value / (base[round] ?? Number.NaN));
}
