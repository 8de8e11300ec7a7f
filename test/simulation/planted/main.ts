/** Plants each fault in turn and runs seeds until one fails: `npm run simulate:planted -- [--seeds 1000] [--only <text>]`. */
import { parseArgs } from 'node:util';
import { runCampaign, seedsFrom } from '../campaign/campaign.ts';
import type { PlantedFault } from '../campaign/planted-fault.ts';
import type { SeedReport } from '../campaign/worker.ts';
import { PLANTED } from './faults.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, only: { type: 'string', default: '' } },
});
const seeds = Number(values.seeds);

const missed: string[] = [];
console.log('| planted fault | first seed that fails | seeds run | time |\n|---|---|---|---|');
for (const planted of PLANTED.filter(({ name }) => name.includes(values.only))) {
  if (!(await find(planted))) missed.push(planted.name);
}
if (missed.length > 0) console.log(`\nNot found within ${seeds} seeds:\n${missed.join('\n')}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/** Prints the row of a fault. Returns whether it was found. */
async function find(planted: PlantedFault): Promise<boolean> {
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
