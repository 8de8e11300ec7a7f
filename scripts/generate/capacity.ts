import { readFileSync } from 'node:fs';
import { roundsText, simulateRounds } from '../../bench/capacity-simulation.ts';
import { breaksOf } from '../capacity/breaks.ts';
import { readCounted } from '../capacity/counted.ts';
import { planOf } from '../capacity/plan.ts';
import { breaksText, estimatesText, pictureText, plansText, stepsText } from '../capacity/report.ts';
import { readTemplateSizes } from '../capacity/template-sizes.ts';

export const CAPACITY_FILE = 'docs/capacity.md';
/** The orders and reads of the tables. */
export const SHAPE = { lines: 2, readsPerWrite: 10 } as const;
const RATES = [1, 10, 100, 1_000, 10_000, 100_000] as const;

/** The guide with its generated parts up to date. What stands between the parts is written by hand. */
export function capacityText(text: string = readFileSync(CAPACITY_FILE, 'utf8')): string {
  const counted = readCounted();
  const breaks = breaksOf(SHAPE, counted, readTemplateSizes());
  const parts = {
    picture: pictureText(breaks),
    steps: stepsText(breaks, RATES),
    plans: plansText(RATES.map((ordersPerSecond) => planOf({ ...SHAPE, ordersPerSecond }, counted))),
    breaks: breaksText(breaks),
    rounds: roundsText(simulateRounds({ ...SHAPE, ordersPerSecond: 1_000 }, counted)),
    estimates: estimatesText(),
  };
  return Object.entries(parts).reduce((result, [name, part]) => replacePart(result, name, part), text);
}

function replacePart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${CAPACITY_FILE} lacks ${start} or ${end}.`);
  return `${before}${start}\n${part}\n${end}${after}`;
}
