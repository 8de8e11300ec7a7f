import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf } from '../../local/kept-data.ts';
import { LOCAL_BUNDLE } from '../../scripts/bundle/options.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { fillDataFolder } from '../system/data-folder.ts';
import { startWholeSystem } from '../system/whole-system.ts';

interface Start {
  readonly firstLineMs: number;
  readonly readyMs: number;
  /** CPU milliseconds of all processes until it is ready. */
  readonly cpuMs: number;
}

/** The parts of a data folder that can be missing, and their files. */
const MISSING = new Map([
  ['read models', ['cosmosDb']],
  ['hub', ['eventHubs']],
  ['checkpoints', ['storage']],
  ['hub, read models and checkpoints', ['cosmosDb', 'eventHubs', 'storage']],
] as const);
/** Orders in the data folder, with four events each. */
const ORDERS = { quick: 100, normal: 2_000, full: 25_000 };

/** Measures `npm start` with unchanged and with changed sources, with data, and with parts of the data missing. */
export async function startFigures(effort: Effort): Promise<readonly Figure[]> {
  const { quick, full } = effort;
  const missing = full ? [...MISSING] : [];
  const folder = await mkdtemp(join(tmpdir(), 'start-'));
  const complete = join(folder, 'complete');
  const orders = ORDERS[quick ? 'quick' : full ? 'full' : 'normal'];
  effort.say(`fills a data folder with ${orders} orders`);
  const events = await fillDataFolder(complete, orders);
  await start(complete);
  const alternatives = new Map<string, () => Promise<Start>>([
    ['unchanged', () => start()],
    ['changed', startChanged],
    ['complete', () => start(complete)],
  ]);
  for (const [what, files] of missing)
    alternatives.set(what, () => startWithout(complete, join(folder, 'copy'), files));
  try {
    const samples = await alternate(alternatives, effort, 0);
    return figuresOf(
      samples,
      events,
      missing.map(([what]) => what),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(data?: string): Promise<Start> {
  const system = await startWholeSystem({ data, args: [] });
  const cpuMs = [...system.cpuMs().values()].reduce((sum, ms) => sum + ms, 0);
  const { firstLineMs, readyMs } = system;
  await system.stop();
  return { firstLineMs, readyMs, cpuMs };
}

/** Without the bundle of the functions, as after a change of the sources. */
async function startChanged(): Promise<Start> {
  await rm(LOCAL_BUNDLE.outdir, { recursive: true, force: true });
  return start();
}

async function startWithout(complete: string, data: string, files: readonly (keyof ReturnType<typeof filesOf>)[]) {
  await rm(data, { recursive: true, force: true });
  await cp(complete, data, { recursive: true });
  for (const file of files) await rm(filesOf(data)[file], { recursive: true, force: true });
  return start(data);
}

function figuresOf(
  samples: (name: string) => readonly Start[],
  events: number,
  missing: readonly string[],
): readonly Figure[] {
  const of = (name: string, part: keyof Start, unitsPerMs = 1) => samples(name).map((one) => one[part] * unitsPerMs);
  const cpu = (name: string) => of(name, 'cpuMs', 0.001);
  const data = `${events.toLocaleString('en-US')} events`;
  return [
    measured(
      'npm start, without npm itself, until the first line of output',
      of('unchanged', 'firstLineMs', 0.001),
      's',
      {
        atMost: 0.5,
      },
    ),
    measured('npm start with unchanged sources, until ready', of('unchanged', 'readyMs', 0.001), 's', { atMost: 3 }),
    measured('npm start after a change, until ready', of('changed', 'readyMs', 0.001), 's', { atMost: 4 }),
    measured('npm start with unchanged sources, until ready', cpu('unchanged'), 'CPU s'),
    measured('npm start after a change, until ready', cpu('changed'), 'CPU s'),
    measured(`npm start with ${data}, until ready`, of('complete', 'readyMs', 0.001), 's'),
    measured(
      `npm start with ${data}, CPU time relative to no data`,
      ratiosOf(cpu('complete'), cpu('unchanged')),
      RATIO,
    ),
    ...missing.map((what) =>
      measured(
        `npm start with ${data} but no ${what}, CPU time relative to complete data`,
        ratiosOf(cpu(what), cpu('complete')),
        RATIO,
      ),
    ),
  ];
}
