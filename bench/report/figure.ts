import { type Spread, spreadOf } from './statistics.ts';

/** What a figure should be: not above `atMost`, or not below `atLeast`. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** One row of the report. */
export interface Figure {
  readonly what: string;
  /** The median of the rounds, or a count. */
  readonly value: number;
  /** `: 1` for a ratio. */
  readonly unit: string;
  /** Absent for a count, which is the same in each run. */
  readonly spread?: Spread;
  /** Where there is one. */
  readonly goal?: Goal;
}

/** A part of the report. */
export interface SectionResult {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** Why the section, or a part of it, was not measured. */
  readonly missing?: string;
  readonly seconds: number;
}

/** Unit of a ratio. */
export const RATIO = ': 1';

/** A number that was counted. */
export function counted(what: string, value: number, unit: string, goal?: Goal): Figure {
  return { what, value, unit, ...(goal !== undefined && { goal }) };
}

/**
 * A number that was measured in several rounds.
 * @param values one per round
 */
export function measured(what: string, values: readonly number[], unit: string, goal?: Goal): Figure {
  const spread = spreadOf(values);
  return { what, value: spread.median, unit, spread, ...(goal !== undefined && { goal }) };
}

/** Whether a figure is as it should be. */
export function isMet(value: number, goal: Goal): boolean {
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}
