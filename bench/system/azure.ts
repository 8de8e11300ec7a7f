import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import local from '../../local.settings.json' with { type: 'json' };
import { type App, OUTDIR } from '../../scripts/bundle/options.ts';
import { type HttpClient, openHttpClient } from '../measuring/http-client.ts';

const settingsOfStandIns = z.record(z.string(), z.string());

/** How to start an app. */
interface AppOptions {
  /** The folder of its bundle. Default: that of `npm run build`. */
  readonly outdir?: string;
  /** Port of the debugger's protocol; 0 picks a free port. Default: none. */
  readonly inspectPort?: number;
}

/** The stand-ins in a process of their own, so that their CPU time is not counted. */
export interface BenchAzure {
  /** App settings, which name the stand-ins. */
  readonly settings: Readonly<Record<string, string>>;
  /** Path of the write store's SQLite file, which does not exist yet. */
  readonly writeStore: string;
  /** Starts one of the apps in a process of its own, as on Azure. */
  startApp(name: App, options?: AppOptions): Promise<FunctionsHostProcess>;
  /** Opens a client of an app, as an admin. */
  clientOf(app: FunctionsHostProcess): HttpClient;
  close(): Promise<void>;
}

/**
 * Starts the stand-ins. Only the write store is a file, in a new folder; all other data is in memory.
 * @param eventHubsMs duration of a round trip to Event Hubs in milliseconds. The process of the stand-ins also adds the delay.
 * @throws {Error} when they end before they are ready
 */
export async function startBenchAzure(eventHubsMs = 0): Promise<BenchAzure> {
  const folder = await mkdtemp(join(tmpdir(), 'azure-'));
  const child = fork(join(import.meta.dirname, 'stand-ins.ts'), [folder, String(eventHubsMs)]);
  const ended = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('The stand-ins ended before they were ready.'))),
  ]);
  const settings = settingsOfStandIns.parse(message);
  const writeStore = join(folder, 'orders.db');
  const token = await adminToken(folder);
  const ofApps = {
    ...settings,
    SQL_CONNECTION_STRING: `sqlite:${writeStore}`,
    SQL_REPLICA_CONNECTION_STRING: `sqlite:${writeStore}`,
  };
  return {
    settings: { ...local.Values, ...ofApps },
    writeStore,
    startApp: (name, { outdir = OUTDIR, ...options } = {}) =>
      spawnFunctionsHost({ ...options, root: '.', main: `${outdir}/${name}/index.cjs`, log: 'json', env: ofApps }),
    clientOf: ({ url }) => openHttpClient(`${url}/api`, token),
    close: async () => {
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Longer than any benchmark takes. */
const TOKEN_SECONDS = 86_400;

/**
 * Signs the token of an admin.
 * @param data the data folder, whose key signs it
 */
export async function adminToken(data: string): Promise<string> {
  const issuer = await openDevelopmentIssuer(join(data, 'development-issuer'));
  return issuer.sign({ roles: ['admin'], lifetime: TOKEN_SECONDS });
}
