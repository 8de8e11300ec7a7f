/** Runs seeds of the simulation: `npm run simulate -- --seeds 1000 [--from 1]`, or one with its timeline: `--seed 7`. */
import { parseArgs } from 'node:util';
import { progressBar } from '../../scripts/cli/progress-bar.ts';
import { runCampaign, seedsFrom } from './campaign/campaign.ts';
import { commandsText, Totals, timelineText } from './campaign/report.ts';
import { shrink } from './campaign/shrink.ts';
import type { Scenario } from './kernel/world.ts';
import { simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

if (values.seed !== undefined) {
  process.exitCode = await explain(Number(values.seed));
} else {
  process.exitCode = await runSeeds(Number(values.from), Number(values.seeds));
}

/** Runs seeds and explains the first one that fails. Returns the exit code. */
async function runSeeds(from: number, seeds: number): Promise<number> {
  const totals = new Totals();
  const bar = progressBar(process.stdout);
  const startedAt = performance.now();
  bar.start(seeds, 0, { phase: 'Seeds' });
  await runCampaign({
    runs: seedsFrom(from, seeds),
    onReport: (report) => {
      totals.add(report);
      bar.update(totals.seeds);
      return totals.failed.length === 0;
    },
  }).finally(() => bar.stop());
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`\nHow often each fault met each step:\n${totals.coverage()}`);
  console.log(
    `\n${totals.seeds} seeds, ${totals.events} events in ${seconds.toFixed(1)} s: ` +
      `${(totals.seeds / seconds).toFixed(1)} seeds/s, ${(totals.events / seconds).toFixed(0)} events/s.`,
  );
  const [failed] = totals.failed.toSorted((a, b) => a.scenario.seed - b.scenario.seed); // a thread may have finished a later one first
  if (failed === undefined) {
    console.log('Every seed keeps all invariants.');
    return 0;
  }
  return explain(failed.scenario.seed);
}

/** Runs one seed, shrinks it when it fails, and prints its timeline. Returns the exit code. */
async function explain(seed: number): Promise<number> {
  const outcome = await simulate({ seed }, true);
  if (outcome.violations.length === 0) {
    print(outcome.scenario, outcome);
    console.log(`\nSeed ${seed} keeps all invariants.`);
    return 0;
  }
  console.log(`\nSeed ${seed} fails:\n${outcome.violations.join('\n')}\n\nShrinking …`);
  const shrunk = await shrink(outcome);
  const least = await simulate(shrunk, true);
  print(shrunk, least);
  console.log(
    `\nSeed ${seed} fails:\n${least.violations.join('\n')}\nRepeat it with: npm run simulate -- --seed ${seed}`,
  );
  return 1;
}

function print(scenario: Scenario, { commands, faults, timeline }: Awaited<ReturnType<typeof simulate>>): void {
  console.log(`\nCommands:\n${commandsText(commands, scenario.commands)}`);
  console.log(`\nFaults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  console.log(`\nTimeline (simulated seconds):\n${timelineText(timeline)}`);
}
