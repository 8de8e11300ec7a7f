import { type Spread, spreadOf } from './statistics.ts';

/** The limit of a figure, inclusive. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** A number in the report. */
export interface Figure {
  readonly what: string;
  /** The median of the rounds, or a count. */
  readonly value: number;
  /** See `RATIO` for a ratio. */
  readonly unit: string;
  /** Absent for a single measurement, and for a count, which is the same in each run. */
  readonly spread?: Spread;
  /** Absent for a figure without a goal. */
  readonly goal?: Goal;
}

/** Something that a section could not measure, with the reason in one line. */
export interface NotMeasured {
  readonly what: string;
  readonly reason: string;
}

/** One row of the report. */
export type Row = Figure | NotMeasured;

/** A part of the report. */
export interface SectionResult {
  readonly name: string;
  readonly rows: readonly Row[];
  /** Why the section was not measured. */
  readonly missing?: string;
  readonly seconds: number;
}

/** Unit of a ratio: the first alternative divided by the second. */
export const RATIO = '×';

/** Makes a row of a number that was counted. */
export function counted(what: string, value: number, unit: string, goal?: Goal): Figure {
  return { what, value, unit, ...(goal !== undefined && { goal }) };
}

/**
 * Makes a row of a number that was measured in several rounds.
 * @param values one per round
 * @throws {Error} when there are none
 */
export function measured(what: string, values: readonly number[], unit: string, goal?: Goal): Figure {
  const spread = spreadOf(values);
  return {
    what,
    value: spread.median,
    unit,
    ...(values.length > 1 && { spread }),
    ...(goal !== undefined && { goal }),
  };
}

/** Checks a value against its goal. */
export function isMet(value: number, goal: Goal): boolean {
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
