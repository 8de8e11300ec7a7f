/** Runs seeds of the simulation: `npm run simulate -- --seeds 1000 [--from 1]`, or one with its timeline: `--seed 7`. */
import { progressBar } from '../../scripts/cli/progress-bar.ts';
import { readOptions } from '../../scripts/cli/read-options.ts';
import { runCampaign, seedsFrom, wholeNumber } from './campaign/campaign.ts';
import { commandsText, Totals, timelineText } from './campaign/report.ts';
import { shrink } from './campaign/shrink.ts';
import type { Scenario } from './kernel/world.ts';
import { simulate } from './simulate.ts';

const USAGE = `Runs the system against simulated services and faults. A seed decides everything; each run is repeatable (docs/simulation.md).

  npm run simulate -- [--seeds <n>] [--from <n>]
  npm run simulate -- --seed <n>

  --seeds <n>  number of seeds to run, up to the first that fails, which is explained (default: 100)
  --from <n>   the first of them (default: 1)
  --seed <n>   runs this seed alone, and prints its timeline
  --help       shows this help`;

const { values } = readOptions({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help) {
  console.log(USAGE);
} else if (values.seed !== undefined) {
  process.exitCode = await explain(wholeNumber('--seed', values.seed));
} else {
  process.exitCode = await runSeeds(wholeNumber('--from', values.from), wholeNumber('--seeds', values.seeds));
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
