import type { AggregateNames } from './aggregates.ts';
import type { Names } from './names.ts';

/** A command to generate, its event and its route. */
export interface CommandNames {
  readonly command: Names;
  readonly event: Names;
  readonly aggregate: AggregateNames;
  readonly route: string;
}
