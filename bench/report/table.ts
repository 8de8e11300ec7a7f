import { SECTIONS } from '../sections.ts';
import { type Figure, isMet, type Row, type SectionResult } from './figure.ts';

const HEADER = ['what', 'value', 'unit', 'spread', 'goal'];

/** Formats the report as one Markdown table with aligned columns: a row for each figure, below a row for its section. */
export function figureTable(sections: readonly SectionResult[]): string {
  const lines = sections.flatMap(({ name, rows, missing }) => [
    [sectionLabel(name), '', '', '', ''],
    ...rows.map(cellsOf),
    ...(missing === undefined ? [] : [[`not measured: ${cellText(missing)}`, '', '', '', '']]),
  ]);
  const widths = HEADER.map((title, column) =>
    Math.max(...[HEADER, ...lines].map((cells) => (cells[column] ?? title).length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(HEADER), rule, ...lines.map(line)].join('\n');
}

function sectionLabel(name: string): string {
  const title = SECTIONS.get(name)?.title;
  return title === undefined ? `**${name}**` : `**${name}**: ${title}`;
}

function cellsOf(row: Row): readonly string[] {
  if ('reason' in row) return [`${row.what}: not measured: ${cellText(row.reason)}`, '', '', '', ''];
  return cellsOfFigure(row);
}

/** Escapes a text from elsewhere, so that it does not end its cell. */
const cellText = (text: string): string => text.replaceAll('|', String.raw`\|`);

function cellsOfFigure({ what, value, unit, spread, goal }: Figure): readonly string[] {
  const range = spread === undefined ? '' : `${formatNumber(spread.min)} to ${formatNumber(spread.max)}`;
  return [what, formatNumber(value), unit, range, goal === undefined ? '' : goalText({ value, goal })];
}

function goalText({ value, goal }: Required<Pick<Figure, 'value' | 'goal'>>): string {
  const text = 'atMost' in goal ? `≤ ${formatNumber(goal.atMost)}` : `≥ ${formatNumber(goal.atLeast)}`;
  return `${text} (${isMet(value, goal) ? 'met' : 'missed'})`;
}

/** Rounds to three significant digits, or to an integer from 100: 0.123, 4.57, 85.1, 1,234. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}
