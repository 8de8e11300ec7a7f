import { percentile } from '../../src/shared/percentile.ts';

/** The middle of several measurements, and the smallest and the largest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Summarizes the measurements of several rounds.
 * @throws {Error} when there is none
 */
export function spreadOf(values: readonly number[]): Spread {
  const median = percentile(values, 50);
  if (median === undefined) throw new Error('Nothing was measured.');
  return { median, min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The ratios of two alternatives round by round, so that a slow moment of the machine affects both sides of each.
 * @param measured one number per round
 * @param base one number per round, in the same order
 */
export function ratiosOf(measured: readonly number[], base: readonly number[]): readonly number[] {
  return measured.map((value, round) => value / (base[round] ?? Number.NaN));
}
