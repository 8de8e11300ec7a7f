/** Runs suites against the official containers of compose.yaml: `npm run test:containers`. */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { createMasterKey } from '../../local/master-key-file.ts';
import { readOptions } from '../../scripts/cli/read-options.ts';
import { CONTAINERS, SUITES } from './suites.ts';

/** Where the containers listen. */
const PORTS = { 'SQL Server': 1433, 'Event Hubs': 5672, 'Cosmos DB': 8081, Azurite: 10_000 };
const START_LIMIT_MS = 180_000;

const HELP = `Runs the tests against the official containers of compose.yaml. Start these first: docker compose up --detach

  npm run test:containers [-- <suite> ...]

  <suite>   ${Object.keys(SUITES).join(', ')} (default: all)
  --help    this text

Exit code: 0 when all tests pass, 1 when one fails or a container does not listen, 2 when the command line is invalid.`;

const KEYS = resolve(import.meta.dirname, '../../.data/containers');

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in SUITES));
  if (unknown.length > 0) {
    console.error(`There is no suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`);
    return 2;
  }
  for (const [name, port] of Object.entries(PORTS)) {
    if (!(await isListening(port))) {
      console.error(`${name} does not listen on port ${port}: docker compose up --detach`);
      return 1;
    }
  }
  const suites = Object.entries(SUITES).filter(([suite]) => names.length === 0 || names.includes(suite));
  const withHost = suites.some(([suite]) => suite === 'host');
  if (withHost && !(await startHost())) return 1;
  const files = suites.flatMap(([, paths]) => paths);
  // One file at a time: they share the hubs.
  return run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--no-file-parallelism', ...files], {
    ...CONTAINERS,
    ...(withHost && {
      TEST_FUNCTIONS_HOST_URL: 'http://127.0.0.1:7071',
      TEST_FUNCTIONS_HOST_KEYS: KEYS,
    }),
  });
}

/** The functions in the official host need keys, and their databases. */
async function startHost(): Promise<boolean> {
  await mkdir(KEYS, { recursive: true });
  await openDevelopmentIssuer(`${KEYS}/development-issuer`);
  await createMasterKey(`${KEYS}/master-key.json`);
  return (
    run(process.execPath, ['test/containers/create-databases.ts'], CONTAINERS) === 0 &&
    run('docker', ['compose', '--profile', 'host', 'up', '--detach', 'functions'], {}) === 0
  );
}

async function isListening(port: number): Promise<boolean> {
  for (const deadline = Date.now() + START_LIMIT_MS; Date.now() < deadline; await setTimeout(1000)) {
    const connected = Promise.withResolvers<boolean>();
    const socket = createConnection(port, '127.0.0.1', () => connected.resolve(true));
    socket.once('error', () => connected.resolve(false));
    const listens = await connected.promise;
    socket.destroy();
    if (listens) return true;
  }
  return false;
}

function run(command: string, words: readonly string[], env: Readonly<Record<string, string>>): number {
  return spawnSync(command, words, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
}

const { values, positionals } = readOptions({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
});
if (values.help) console.log(HELP);
else process.exitCode = await main(positionals);
