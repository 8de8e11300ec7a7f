import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { timerSchedule } from '../../../local/functions-host/timer-schedule.ts';
import { PRICES, SECONDS_PER_MONTH } from '../../../scripts/capacity/prices.ts';
import { functionsByApp } from '../../../scripts/generate/load-operations.ts';
import { chapterOf, rowsOf } from '../../support/docs/markdown-tables.ts';
import { ofType, propertyOf, SNAPSHOTS, type Snapshot } from '../../support/infra/snapshots.ts';

const ROWS = rowsOf(chapterOf(readFileSync('docs/deploy.md', 'utf8'), '## What it costs'));
const cellOf = (component: string, column: string): string =>
  ROWS.find((row) => row.component === component)?.[column] ?? '';

/** The amount of a cell, without what depends on the load: `280 to 2,820`, `18 × 21 = 378`; 0 for `3 × GB`. */
const amountOf = (cell = ''): number =>
  Number(/^(?:.*= )?([\d,]+)(?: to .*|, .*)?$/.exec(cell)?.[1]?.replaceAll(',', '') ?? 0);

/** Runs of a timer in a month. No schedule of the template is less frequent than hourly. */
function runsPerMonth(schedule: string): number {
  const { next } = timerSchedule(schedule);
  const end = Date.UTC(2026, 0, 1, 1);
  let runs = 0;
  for (let at = next(new Date(end - 3_600_000 - 1)); at !== undefined && at.getTime() < end; at = next(at)) runs += 1;
  return (runs * SECONDS_PER_MONTH) / 3600;
}

/** The settings of all apps that decide which timers run, and when. */
const timerSettings = (snapshot: Snapshot): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ofType(snapshot, 'Microsoft.Web/sites/config')
      .flatMap((config) => Object.entries(Object(propertyOf(config, 'properties'))))
      .filter(([name]) => /_SCHEDULE$/.test(name) || name === 'SEARCH_ENDPOINT')
      .map(([name, value]) => [name, String(value).replace(/^\[reference.*/, 'https://search.example.com')]),
  );

/** USD a month of each timer's runs. Each is billed as a second at least. */
function timerCosts(snapshot: Snapshot): Map<string, number> {
  const [app] = ofType(snapshot, 'Microsoft.Web/sites');
  const memoryMb = Number(propertyOf(app, 'properties.functionAppConfig.scaleAndConcurrency.instanceMemoryMB'));
  const eachRun = (memoryMb / 1024) * PRICES.functionGbSecond + PRICES.millionExecutions / 1e6;
  const timers = Object.values(functionsByApp(timerSettings(snapshot)))
    .flat()
    .flatMap((entry) => (entry.trigger === 'timer' ? [entry] : []));
  return new Map(timers.map(({ name, options }) => [name, runsPerMonth(options.schedule) * eachRun]));
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe.each(SNAPSHOTS)('the costs of %s in docs/deploy.md', (environment, snapshot) => {
  const costs = timerCosts(snapshot);
  const ofSearch = costs.get('maintainSearchIndexes') ?? 0;
  costs.delete('maintainSearchIndexes');

  it('count each run of a timer as a second', () => {
    expect(costs.size).toBeGreaterThan(8);
    expect(amountOf(cellOf('function apps, on demand', environment))).toBe(Math.round(sum(costs.values())));
  });

  it('count the timer of Azure AI Search only where it is enabled', () => {
    const formula = cellOf('Azure AI Search, where it is enabled', 'formula');
    if (ofSearch > 0) expect(formula).toContain(`+ ${Math.round(ofSearch)} for its timer`);
    else expect(amountOf(cellOf('Azure AI Search, where it is enabled', environment))).toBe(0);
  });

  it('are added up', () => {
    const parts = ROWS.filter(({ component = '' }) => !component.startsWith('**'));
    const together = sum(parts.map((row) => amountOf(row[environment])));
    const about = (Math.round(together / 10) * 10).toLocaleString('en-US');
    expect(cellOf('**together, with little traffic**', environment)).toBe(`**about ${about}**`);
  });
});
