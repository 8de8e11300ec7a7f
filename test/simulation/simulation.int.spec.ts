import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCampaign } from './campaign/campaign.ts';
import { timelineText } from './campaign/report.ts';
import type { SeedReport } from './campaign/worker.ts';
import { PLANTED } from './planted/faults.ts';
import { simulate } from './simulate.ts';

/** The seeds of every test run: about 10 seconds of one idle core. `npm run simulate` runs any number of others. */
const SEEDS = 60;

const seedsFrom = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

describe('the simulation', () => {
  it(`keeps all invariants in ${SEEDS} seeds`, async () => {
    const failed: object[] = [];
    const met = new Set<string>();
    let events = 0;
    for (const seed of seedsFrom(1, SEEDS)) {
      const outcome = await simulate({ seed });
      events += outcome.events;
      for (const kind of outcome.coverage.keys()) met.add(kind);
      const { violations } = outcome;
      if (violations.length > 0) failed.push({ repeatWith: `npm run simulate -- --seed ${seed}`, violations });
    }
    expect(failed).toEqual([]);
    expect(events).toBeGreaterThan(15 * SEEDS);
    expect(met).toContain('crash after the effect');
    expect(met).toContain('answer lost');
  });

  it('repeats a seed exactly', async () => {
    const [once, again] = [await simulate({ seed: 5 }, true), await simulate({ seed: 5 }, true)];
    expect(once.timeline.length).toBeGreaterThan(500);
    expect(timelineText(again.timeline)).toBe(timelineText(once.timeline));
  });

  it('runs fewer commands and faults when a scenario says so', async () => {
    const whole = await simulate({ seed: 5 });
    const { faults, events } = await simulate({
      seed: 5,
      commands: new Set([0, 1]),
      faults: new Set(whole.faults.slice(0, 3)),
    });
    expect(faults.length).toBeLessThanOrEqual(3);
    expect(events).toBeLessThan(whole.events);
  });
});

describe('planted faults', () => {
  it.each(PLANTED)('have their place in the code: $name', ({ file, search }) => {
    expect(readFileSync(file, 'utf8').split(search)).toHaveLength(2);
  });

  it('are found', async () => {
    const failed: SeedReport[] = [];
    const planted = PLANTED.find(({ name }) => name === 'The ETag check of a write is dropped');
    if (planted === undefined) throw new Error('There is no such planted fault.');
    await runCampaign({
      from: 1,
      seeds: 20,
      planted,
      onReport: (report) => {
        if (report.violations.length > 0) failed.push(report);
        return failed.length === 0;
      },
    });
    expect(failed.flatMap(({ violations }) => violations).join()).toContain('is not the fold of the log');
  });
});
