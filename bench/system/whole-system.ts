import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { COMPILE_CACHE } from '../../local/functions-host/spawn.ts';
import { cpuSeconds } from '../cpu-seconds.ts';
import { type HttpClient, openHttpClient } from '../measuring/http-client.ts';
import { adminToken } from './azure.ts';

/** `npm start` on free ports. */
export interface WholeSystem {
  /** Milliseconds from the start until the first line was printed, and until it was ready. */
  readonly firstLineMs: number;
  readonly readyMs: number;
  readonly client: HttpClient;
  /** CPU milliseconds of all its processes since their start, by their role. */
  cpuMs(): ReadonlyMap<Role, number>;
  stop(): Promise<void>;
}

/** What the processes of the local system do. */
export type Role = 'apps' | 'Azurite' | 'other stand-ins';

const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table'];
const READY = /^Ready\..*?(http:\S+)/;

/**
 * Starts the system.
 * @param data its data folder; by default a new one that is removed when it stops
 * @param args more of its options
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
  const url = await ready;
  const readyMs = performance.now() - startedAt;
  const client = openHttpClient(new URL('api', url).href, await adminToken(folder));
  return {
    firstLineMs,
    readyMs,
    client,
    cpuMs: () => cpuByRole(child.pid ?? 0),
    stop: async () => {
      client.close();
      child.kill('SIGTERM');
      await ended;
      if (data === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function cpuByRole(root: number): ReadonlyMap<Role, number> {
  const sums = new Map<Role, number>();
  for (const { pid, args } of familyOf(root)) {
    const role = roleOf(args);
    sums.set(role, (sums.get(role) ?? 0) + cpuSeconds(pid) * 1_000);
  }
  return sums;
}

function roleOf(args: string): Role {
  if (args.includes('azurite')) return 'Azurite';
  return args.includes('functions-host') ? 'apps' : 'other stand-ins';
}

/** A process and all that it started, directly or indirectly. */
function familyOf(root: number): readonly { readonly pid: number; readonly args: string }[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const processes = listed.split('\n').flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
  const descendantsOf = (pid: number): typeof processes =>
    processes.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendantsOf(child.pid)]);
  return [...processes.filter(({ pid }) => pid === root), ...descendantsOf(root)];
}
