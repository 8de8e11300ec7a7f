/** Compares this project with other ways to build the same service: `npm run bench:peers`. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../../scripts/cli/read-options.ts';
import { boosterLocal } from './booster.ts';
import { type Comparison, compare } from './compare.ts';
import { emmettOnPostgresql, emmettOnSqlite } from './emmett.ts';
import { installPackages } from './install.ts';
import { CLOUD_LATENCY } from '../measuring/cloud-latency.ts';
import { naivePeer, naiveWay } from './naive/peer.ts';
import { commandApp, commandAppWithLatency } from './ours/command-app.ts';
import { storeCalls } from './ours/store-calls.ts';
import { wholeSystem } from './ours/system.ts';
import type { Work } from './measure.ts';
import type { Peer } from './peer.ts';
import { figuresTable, ratiosTable, type Table } from './tables.ts';

const HELP = `Places and reads the same orders with this project and with other ways to build it. Takes a few minutes.

  npm run bench:peers [-- options]

  --quick        one short round, for a first impression
  --only <text>  only the peers whose name contains this text, such as Emmett
  --json         prints one JSON object with the figures of every round and the skipped peers

The first run installs the peers' packages from the npm registry. bench/peers/README.md explains what is compared.`;

const PEERS = [wholeSystem, commandApp, naiveWay, emmettOnSqlite, emmettOnPostgresql, boosterLocal];
/** node-mssql opens at most ten connections by default: https://github.com/tediousjs/node-mssql#general-same-for-all-drivers */
const POOL_SIZE = 10;
const PEERS_WITH_LATENCY = [
  commandAppWithLatency,
  storeCalls,
  naivePeer('The naive way over HTTP, one SQL connection', CLOUD_LATENCY, 1),
  naivePeer(`The naive way over HTTP, ${POOL_SIZE} SQL connections`, CLOUD_LATENCY, POOL_SIZE),
];
const { sqlMs, eventHubsMs, cosmosDbMs } = CLOUD_LATENCY;
const LATENCIES = `SQL ${sqlMs} ms, Event Hubs ${eventHubsMs} ms, Cosmos DB ${cosmosDbMs} ms a round trip`;

const FULL = { rounds: 5, warmUps: 2, commands: 240, reads: 480, withLatency: 96, oneByOne: 24 };
const QUICK = { rounds: 1, warmUps: 1, commands: 160, reads: 320, withLatency: 64, oneByOne: 16 };
const AT_ONCE = 16;

/** A comparison with its title and load. */
interface Part {
  readonly title: string;
  readonly peers: readonly Peer[];
  readonly work: Work;
}

interface Result extends Comparison {
  readonly title: string;
}

const { values: options } = readOptions({
  options: {
    help: { type: 'boolean', short: 'h' },
    quick: { type: 'boolean' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean' },
  },
});
// Exiting ends the peers, too: they notice that this process is gone, or an "exit" handler kills them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const SIZES = options.quick ? QUICK : FULL;
const { commands, reads, withLatency, oneByOne } = SIZES;
const PARTS: readonly Part[] = [
  { title: 'Peers on the same work', peers: PEERS, work: { commands, reads, atOnce: AT_ONCE } },
  {
    title: `${LATENCIES}, ${AT_ONCE} commands at once`,
    peers: PEERS_WITH_LATENCY,
    work: { commands: withLatency, reads: withLatency, atOnce: AT_ONCE },
  },
  {
    title: `${LATENCIES}, one command at a time`,
    peers: PEERS_WITH_LATENCY,
    work: { commands: oneByOne, reads: oneByOne, atOnce: 1 },
  },
];
if (options.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-peers-'));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  try {
    await installPackages('.', say);
    const { rounds, warmUps } = SIZES;
    const results: Result[] = [];
    for (const [index, { title, peers, work }] of PARTS.entries()) {
      say(`${title}:`);
      const chosen = peers.filter(({ name }) => name.includes(options.only));
      const own = join(folder, String(index));
      await mkdir(own);
      const comparison = await compare(chosen, { work, rounds, warmUps }, { folder: own, say });
      results.push({ title, ...comparison });
    }
    report(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first comparison is the one without latency. */
function report(results: readonly Result[]): void {
  if (options.json) {
    const [local, ...others] = results;
    console.log(JSON.stringify({ local, withLatency: others }));
  } else for (const table of results.flatMap(tablesOf)) show(table);
  for (const { name, reason } of results.flatMap(({ skipped }) => skipped)) say(`Skipped ${name}: ${reason}`);
}

function tablesOf(result: Result): readonly Table[] {
  if (result.measured.length === 0) return [];
  return [
    figuresTable(`${result.title}: median of ${SIZES.rounds} rounds (range)`, result),
    ratiosTable(`${result.title}: ratio to the first peer in the same round`, result),
  ];
}

function show({ title, rows }: Table): void {
  console.log(`\n${title}`);
  console.table(rows);
}

function say(line: string): void {
  console.error(line);
}
