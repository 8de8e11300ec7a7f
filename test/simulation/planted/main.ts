/** Plants each fault in turn and runs seeds until one fails: `npm run simulate:planted -- [--seeds 1000] [--only <text>]`. */
import { readOptions } from '../../../scripts/cli/read-options.ts';
import { runCampaign, seedsFrom, wholeNumber } from '../campaign/campaign.ts';
import type { PlantedFault } from '../campaign/planted-fault.ts';
import type { SeedReport } from '../campaign/worker.ts';
import { PLANTED } from './faults.ts';

const USAGE = `Plants faults in the code, one by one, and runs seeds of the simulation until one fails: proof that it finds them (docs/simulation.md).

  npm run simulate:planted -- [options]

  --seeds <n>    gives up on a fault after this number of seeds (default: 1000)
  --only <text>  plants only the faults whose description contains this text
  --help         shows this help`;

const { values } = readOptions({
  options: {
    seeds: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await plantAll(wholeNumber('--seeds', values.seeds), values.only);

/** Plants the faults in turn, and prints a table. Returns the exit code. */
async function plantAll(seeds: number, only: string): Promise<number> {
  const missed: string[] = [];
  console.log('| planted fault | first seed that fails | seeds run | time |\n|---|---|---|---|');
  for (const planted of PLANTED.filter(({ name }) => name.includes(only))) {
    if (!(await find(planted, seeds))) missed.push(planted.name);
  }
  if (missed.length > 0) console.log(`\nNot found within ${seeds} seeds:\n${missed.join('\n')}`);
  return missed.length > 0 ? 1 : 0;
}

/** Prints the row of a fault. Returns whether it was found. */
async function find(planted: PlantedFault, seeds: number): Promise<boolean> {
  const startedAt = performance.now();
  let run = 0;
  let failed: SeedReport | undefined;
  await runCampaign({
    runs: seedsFrom(1, seeds),
    planted,
    onReport: (report) => {
      run += 1;
      if (report.violations.length > 0 && report.scenario.seed < (failed?.scenario.seed ?? Infinity)) failed = report;
      return failed === undefined;
    },
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`| ${planted.name} | ${failed?.scenario.seed ?? 'none'} | ${run} | ${seconds} s |`);
  return failed !== undefined;
}
