import { ratiosOf, spreadOf } from '../report/statistics.ts';
import { formatNumber } from '../report/table.ts';
import type { Comparison, Measured } from './compare.ts';
import type { Figures } from './measure.ts';

/** A table on the terminal. All rows have the same columns. */
export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

const COLUMNS: readonly (readonly [column: string, figure: keyof Figures])[] = [
  ['commands/s', 'commandsPerSecond'],
  ['p50, ms', 'commandP50Ms'],
  ['CPU ms per command', 'cpuMsPerCommand'],
  ['of which stand-ins', 'standInsCpuMsPerCommand'],
  ['GETs/s', 'readsPerSecond'],
  ['CPU ms per GET', 'cpuMsPerRead'],
];

/** The figures of each peer: the median of the rounds, and their range. */
export function figuresTable(title: string, { measured }: Comparison): Table {
  const rows = measured.map((peer) => ({
    peer: peer.name,
    ...columns((figure) => peer.rounds.map((round) => round[figure])),
    ...stored(peer),
  }));
  return { title, rows };
}

/** The figures of each peer divided by those of the first peer in the same round. */
export function ratiosTable(title: string, { measured }: Comparison): Table {
  const of = (peer: Measured | undefined, figure: keyof Figures) => peer?.rounds.map((round) => round[figure]) ?? [];
  const rows = measured.map((peer) => ({
    peer: peer.name,
    ...columns((figure) => ratiosOf(of(peer, figure), of(measured[0], figure))),
  }));
  return { title, rows };
}

function columns(valuesOf: (figure: keyof Figures) => readonly number[]) {
  return Object.fromEntries(COLUMNS.map(([column, figure]) => [column, summary(valuesOf(figure))]));
}

/** `281` for one value, `281 (250 to 300)` for several, and a dash for a figure that the peer does not have. */
function summary(values: readonly number[]): string {
  const found = values.filter(Number.isFinite);
  if (found.length === 0) return '–';
  const { median, min, max } = spreadOf(found);
  return min === max ? formatNumber(median) : `${formatNumber(median)} (${formatNumber(min)} to ${formatNumber(max)})`;
}

function stored({ accepted, counts, failed }: Measured) {
  const isComplete = counts.stored >= accepted && counts.projected >= accepted;
  return {
    stored: isComplete ? `all ${accepted}` : `${counts.stored} of ${accepted}, ${counts.projected} readable`,
    failed: String(failed),
  };
}
