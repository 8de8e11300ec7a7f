import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import local from '../../local.settings.json' with { type: 'json' };
import { APPS, type App } from '../../scripts/bundle/options.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured } from '../report/figure.ts';

/** Loads files, waits for the files that these load, and prints the CPU milliseconds of this, without those of Node's own start. */
const PROGRAM = `
  console.warn = console.info = () => {};
  const before = process.cpuUsage();
  for (const file of process.argv.slice(1)) require(file);
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);
    process.exit();
  }, 100);`;

/** Starts Azure Monitor; nothing listens there. */
const TELEMETRY = {
  APPLICATIONINSIGHTS_CONNECTION_STRING:
    'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/',
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true',
};
/** The file that an app loads for Azure SQL. */
const SQL_DRIVER = /^sql-database-\w+\.cjs$/;

/** Measures the CPU time in which Node loads each built app without a compile cache, and what telemetry and Azure SQL add to it. */
export async function coldStartFigures(effort: Effort): Promise<readonly Figure[]> {
  const alternatives = new Map<string, () => Promise<number>>();
  const withSql: App[] = [];
  for (const app of APPS) {
    const main = resolve('dist', app, 'index.cjs');
    const driver = (await readdir(resolve('dist', app))).find((name) => SQL_DRIVER.test(name));
    alternatives.set(app, () => load([main]));
    alternatives.set(`${app} telemetry`, () => load([main], TELEMETRY));
    if (driver === undefined) continue;
    withSql.push(app);
    alternatives.set(`${app} SQL`, () => load([main, resolve('dist', app, driver)]));
  }
  const samples = await alternate(alternatives, effort, 0);
  const added = (app: App, what: string) =>
    samples(`${app} ${what}`).map((ms, round) => ms - (samples(app)[round] ?? Number.NaN));
  return APPS.flatMap((app) => [
    measured(`loading the ${app} app`, samples(app), 'CPU ms', { atMost: 250 }),
    measured(`loading the ${app} app: added by telemetry`, added(app, 'telemetry'), 'CPU ms'),
    ...(withSql.includes(app)
      ? [measured(`loading the ${app} app: added by the driver of SQL Server`, added(app, 'SQL'), 'CPU ms')]
      : []),
  ]);
}

async function load(files: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const { NODE_COMPILE_CACHE: _, ...inherited } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', PROGRAM, ...files], {
    env: { ...inherited, ...local.Values, ...env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  return Number(stdout.trim().split('\n').at(-1));
}
