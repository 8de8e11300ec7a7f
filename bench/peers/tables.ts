import type { Comparison, Measured } from './compare.ts';
import type { Figures } from './measure.ts';
import { format, ratioOf, spreadOf } from './statistics.ts';

/** A table for people: each row has the same columns. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const COLUMNS: readonly (readonly [column: string, figure: keyof Figures])[] = [
  ['commands/s', 'commandsPerSecond'],
  ['p50, ms', 'commandP50Ms'],
  ['CPU ms a command', 'cpuMsPerCommand'],
  ['of it stand-ins', 'standInsCpuMsPerCommand'],
  ['GETs/s', 'readsPerSecond'],
  ['CPU ms a GET', 'cpuMsPerRead'],
];

/** The figures: the median of the rounds, and their range. */
export function figuresTable(title: string, { measured }: Comparison): Table {
  return { title, rows: measured.map((peer) => ({ peer: peer.name, ...columns(peer, spreadOf), ...stored(peer) })) };
}

/** The figures of each peer divided by those of the first in the same round. */
export function ratiosTable(title: string, { measured }: Comparison): Table {
  const [first] = measured;
  const ratio = (values: readonly number[], figure: keyof Figures) =>
    ratioOf(values, first?.rounds.map((round) => round[figure]) ?? []);
  return { title, rows: measured.map((peer) => ({ peer: peer.name, ...columns(peer, ratio) })) };
}

function columns(
  { rounds }: Measured,
  summarize: (values: readonly number[], figure: keyof Figures) => ReturnType<typeof spreadOf>,
) {
  const values = (figure: keyof Figures) => rounds.map((round) => round[figure]);
  return Object.fromEntries(COLUMNS.map(([column, figure]) => [column, format(summarize(values(figure), figure))]));
}

function stored({ accepted, counts, failed }: Measured) {
  const isComplete = counts.stored >= accepted && counts.projected >= accepted;
  return {
    stored: isComplete ? `all ${accepted}` : `${counts.stored} of ${accepted}, ${counts.projected} readable`,
    failed: String(failed),
  };
}
