import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCampaign, seedsFrom } from './campaign/campaign.ts';
import { Totals, timelineText } from './campaign/report.ts';
import type { Run, SeedReport } from './campaign/worker.ts';
import { PLANTED } from './planted/faults.ts';

/** The seeds of every test run. `npm run simulate` runs any number of others. */
const SEEDS = 300;

describe('the simulation', () => {
  const recorded: Run = { scenario: { seed: 5 }, records: true };
  const small: Run = { scenario: { seed: 5, commands: new Set([0, 1]), faults: new Set() } };
  const reports: SeedReport[] = [];
  const reportsOf = (isWanted: (report: SeedReport) => boolean) => reports.filter(isWanted);
  const isSmall = ({ scenario }: SeedReport) => scenario.commands !== undefined;

  beforeAll(async () => {
    const runs = [recorded, recorded, small, ...seedsFrom(1, SEEDS)];
    // One thread: the other tests use the other cores, and each thread has to load and compile the code.
    await runCampaign({ runs, threads: 1, onReport: (report) => reports.push(report) > 0 });
  }, 1_200_000);

  it(`keeps all invariants in ${SEEDS} seeds`, () => {
    const totals = new Totals();
    for (const report of reports) totals.add(report);
    const failed = totals.failed.map(({ scenario: { seed }, violations }) => ({
      repeatWith: `npm run simulate -- --seed ${seed}`,
      violations,
    }));
    expect(failed).toEqual([]);
    expect(totals.events).toBeGreaterThan(15 * SEEDS);
    expect(totals.kinds.size).toBeGreaterThan(30);
  });

  it('repeats a seed exactly', () => {
    const [once, again] = reportsOf(({ timeline }) => timeline.length > 0).map(({ timeline }) => timeline);
    expect(once?.length).toBeGreaterThan(500);
    expect(timelineText(again ?? [])).toBe(timelineText(once ?? []));
  });

  it('runs fewer commands and faults when a scenario says so', () => {
    const [of] = reportsOf(isSmall);
    const [whole] = reportsOf((report) => report.scenario.seed === 5 && !isSmall(report));
    expect([of?.faults.length, of?.violations]).toEqual([0, []]);
    expect(of?.events).toBeLessThan(whole?.events ?? 0);
  });
});

describe('planted faults', () => {
  it.each(PLANTED)('have their place in the code: $name', ({ file, search }) => {
    expect(readFileSync(file, 'utf8').split(search)).toHaveLength(2);
  });

  it('are found', async () => {
    const reports: SeedReport[] = [];
    const planted = PLANTED.find(({ name }) => name === 'The ETag check of a write is dropped');
    if (planted === undefined) throw new Error('There is no such planted fault.');
    await runCampaign({ runs: [{ scenario: { seed: 8 } }], planted, onReport: (report) => reports.push(report) > 0 });
    expect(reports.flatMap(({ violations }) => violations).join()).toContain('is not the fold of the log');
  });
});
