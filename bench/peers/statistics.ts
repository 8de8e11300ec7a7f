import { percentile } from '../../src/shared/percentile.ts';

/** The median of the rounds, and the lowest and the highest of them. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Undefined when there is nothing to summarize. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const found = values.filter(Number.isFinite);
  const median = percentile(found, 50);
  return median === undefined ? undefined : { median, min: Math.min(...found), max: Math.max(...found) };
}

/** Of each round, the ratio to the reference in the same round. */
export function ratioOf(values: readonly number[], references: readonly number[]): Spread | undefined {
  return spreadOf(values.map((value, round) => value / (references[round] ?? Number.NaN)));
}

/** With three significant digits: `281`, `3.72`, and with the range: `281 (250 to 300)`. */
export function format(spread: Spread | undefined): string {
  if (spread === undefined) return '–';
  const { median, min, max } = spread;
  return min === max ? digits(median) : `${digits(median)} (${digits(min)} to ${digits(max)})`;
}

const NUMBER = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const digits = (value: number): string => NUMBER.format(value);
