/** Plans the capacity of a system: `npm run capacity`. */
import { writeFile } from 'node:fs/promises';
import { parseOptions } from '../cli/read-options.ts';
import { breaksOf } from './breaks.ts';
import { COUNTED_FILE, readCounted } from './counted.ts';
import { planOf } from './plan.ts';
import { breaksText, planText } from './report.ts';
import { readTemplateSizes } from './template-sizes.ts';
import { readWorkload } from './workload.ts';

const USAGE = `Plans the sizes of all Azure services for a load, and shows what runs out first. These are estimates, not promises: see docs/capacity.md.

  npm run capacity -- [options]

  --orders-per-second <n>  orders placed per second, each later confirmed, shipped and delivered: 0.01 to 100000 (default: 100)
  --lines <n>              lines of an order: 1 to 500 (default: 2)
  --reads-per-write <n>    GET requests per command: 0 to 1000 (default: 10)
  --simulate               also simulate the queues, with what infra/prod.bicepparam deploys and with the plan
  --count                  count again what an order costs in request units and bytes, and write ${COUNTED_FILE}
  --help                   show this help

Exit code: 0 on success, 1 when something failed, 2 when the command line is invalid.`;

/** Runs the command. Returns the exit code. */
export async function main(
  args: readonly string[],
  { stdout, stderr }: { readonly stdout: NodeJS.WritableStream; readonly stderr: NodeJS.WritableStream },
): Promise<number> {
  try {
    stdout.write(`${await run(args)}\n`);
    return 0;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1; // the command line is invalid
  }
}

async function run(args: readonly string[]): Promise<string> {
  const { values } = parseOptions({
    args: [...args],
    options: {
      'orders-per-second': { type: 'string', default: '100' },
      lines: { type: 'string', default: '2' },
      'reads-per-write': { type: 'string', default: '10' },
      simulate: { type: 'boolean', default: false },
      count: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return USAGE;
  if (values.count) return count();
  const workload = readWorkload(values);
  const counted = readCounted();
  const breaks = breaksOf(workload, counted, readTemplateSizes());
  const texts = [
    planText(planOf(workload, counted)),
    `What runs out first with infra/prod.bicepparam, in order:\n\n${breaksText(breaks)}`,
  ];
  if (!values.simulate) return texts.join('\n\n');
  const { simulationText } = await import('../../bench/capacity-simulation.ts');
  return [...texts, simulationText(workload, counted)].join('\n\n');
}

async function count(): Promise<string> {
  // Outside a Functions host, the library logs a warning for each function.
  console.warn = () => {};
  const { countLives } = await import('../../bench/count-lives.ts');
  await writeFile(COUNTED_FILE, `${JSON.stringify(await countLives(), null, 2)}\n`);
  return `Wrote ${COUNTED_FILE}. Run "npm run generate" to bring docs/capacity.md up to date.`;
}

if (import.meta.main) {
  process.exitCode = await main(process.argv.slice(2), process);
  // The documents that projections remember after --count would keep the process running for minutes.
  process.stdout.write('', () => process.exit());
}
