import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COMPILE_CACHE } from '../../local/compile-cache.ts';
import { type HttpClient, openHttpClient } from '../measuring/http-client.ts';
import { processTree } from '../measuring/process-tree.ts';
import { adminToken } from './azure.ts';

/** `npm start` on free ports. */
export interface WholeSystem {
  /** Milliseconds from the start until the first line was printed. */
  readonly firstLineMs: number;
  /** Milliseconds from the start until the system was ready. */
  readonly readyMs: number;
  /** Where the functions are, without a trailing slash and without `/api`. */
  readonly url: string;
  /** A client of the functions, as an admin. */
  readonly client: HttpClient;
  /** CPU milliseconds of all its processes since their start, by their role. */
  cpuMs(): ReadonlyMap<Role, number>;
  stop(): Promise<void>;
}

/** Groups of the local system's processes. */
export type Role = 'apps' | 'Azurite' | 'other stand-ins';

const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table'];
const READY = /^Ready\..*?(http:\S+)/;

/**
 * Starts the system. It ends when this process exits, at the latest.
 * @param data its data folder; by default a new one that is removed when the system stops
 * @param args further options of `npm start`
 * @throws {Error} with the output, when the system ends before it is ready
 */
export async function startWholeSystem({
  data,
  args = ['--quiet'],
}: {
  readonly data?: string | undefined;
  readonly args?: readonly string[];
} = {}): Promise<WholeSystem> {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'system-')));
  const startedAt = performance.now();
  const ports = PORTS.flatMap((name) => [`--${name}-port`, '0']);
  const child = spawn(process.execPath, ['local/start.ts', ...ports, '--data', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...COMPILE_CACHE, ...process.env },
  });
  const ended = once(child, 'close');
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  let firstLineMs = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      firstLineMs ||= performance.now() - startedAt;
      const [, url] = READY.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
    ended.then(() => reject(new Error(`npm start ended before it was ready:\n${output}`)));
  });
  const url = new URL(await ready).origin;
  const readyMs = performance.now() - startedAt;
  const client = openHttpClient(`${url}/api`, await adminToken(folder));
  return {
    firstLineMs,
    readyMs,
    url,
    client,
    cpuMs: () => cpuByRole(child.pid ?? 0),
    stop: async () => {
      process.off('exit', kill);
      client.close();
      child.kill('SIGTERM');
      await ended;
      if (data === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function cpuByRole(root: number): ReadonlyMap<Role, number> {
  const sums = new Map<Role, number>();
  for (const { command, cpuSeconds } of processTree([root])) {
    const role = roleOf(command);
    sums.set(role, (sums.get(role) ?? 0) + cpuSeconds * 1_000);
  }
  return sums;
}

function roleOf(command: string): Role {
  if (command.includes('azurite')) return 'Azurite';
  return command.includes('functions-host') ? 'apps' : 'other stand-ins';
}
