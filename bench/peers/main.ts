/** Compares this project with other ways to build the same service: `npm run bench:peers`. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boosterLocally } from './booster.ts';
import { type Comparison, compare, type Plan } from './compare.ts';
import { emmettOnPostgresql, emmettOnSqlite } from './emmett.ts';
import { installPackages } from './install.ts';
import { CLOUD_LATENCY } from './latency.ts';
import { naivePeer, naiveWay } from './naive/peer.ts';
import { commandApp, commandAppWithLatency } from './ours/command-app.ts';
import { storeCalls } from './ours/store-calls.ts';
import { wholeSystem } from './ours/system.ts';
import type { Peer } from './peer.ts';
import { figuresTable, ratiosTable, type Table } from './tables.ts';

const HELP = `Places and reads the same orders with this project and with other ways to build it. Takes a few minutes.

  npm run bench:peers [-- options]

  --quick   one short round, for a first impression
  --only    only the peers whose name contains this text, such as Emmett
  --json    prints one JSON object: tables, skipped peers, and the figures of every round

The first run installs the peers' packages from the npm registry. bench/peers/README.md explains what is compared.`;

const PEERS = [wholeSystem, commandApp, naiveWay, emmettOnSqlite, emmettOnPostgresql, boosterLocally];
/** node-mssql opens at most ten connections by default: https://github.com/tediousjs/node-mssql#general-same-for-all-drivers */
const POOLED = 10;
const PEERS_WITH_LATENCY = [
  commandAppWithLatency,
  storeCalls,
  naivePeer('The naive way over HTTP, one SQL connection', CLOUD_LATENCY, 1),
  naivePeer(`The naive way over HTTP, ${POOLED} SQL connections`, CLOUD_LATENCY, POOLED),
];
const { sqlMs, eventHubsMs, cosmosDbMs } = CLOUD_LATENCY;
const LATENCIES = `SQL ${sqlMs} ms, Event Hubs ${eventHubsMs} ms, Cosmos DB ${cosmosDbMs} ms a round trip`;

const FULL = { rounds: 5, warmUps: 2, commands: 240, reads: 480, distant: 96, oneByOne: 24 };
const QUICK = { rounds: 1, warmUps: 1, commands: 160, reads: 320, distant: 64, oneByOne: 16 };
const AT_ONCE = 16;

/** What is compared under one title. */
interface Part {
  readonly title: string;
  readonly peers: readonly Peer[];
  readonly work: Plan['work'];
}

interface Result {
  readonly comparison: Comparison;
  readonly tables: readonly Table[];
}

const NOTHING: Result = { comparison: { measured: [], skipped: [] }, tables: [] };

const { values: options } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    quick: { type: 'boolean' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean' },
  },
});
// "exit" handlers end the peers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
if (options.help) console.log(HELP);
else await run();

async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-peers-'));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  try {
    await installPackages('.', say);
    const { rounds, warmUps, commands, reads, distant, oneByOne } = options.quick ? QUICK : FULL;
    const comparisonOf = async (name: string, { title, peers, work }: Part): Promise<Result> => {
      const chosen = peers.filter((peer) => peer.name.includes(options.only));
      if (chosen.length === 0) return NOTHING;
      say(`${title}:`);
      const own = join(folder, name);
      await mkdir(own);
      const comparison = await compare(chosen, { work, rounds, warmUps }, { folder: own, say });
      return { comparison, tables: tablesOf(title, rounds, comparison) };
    };
    const same = await comparisonOf('same', {
      title: 'Peers on the same work',
      peers: PEERS,
      work: { commands, reads, atOnce: AT_ONCE },
    });
    const busy = await comparisonOf('busy', {
      title: `${LATENCIES}, ${AT_ONCE} commands at once`,
      peers: PEERS_WITH_LATENCY,
      work: { commands: distant, reads: distant, atOnce: AT_ONCE },
    });
    const single = await comparisonOf('single', {
      title: `${LATENCIES}, one command at a time`,
      peers: PEERS_WITH_LATENCY,
      work: { commands: oneByOne, reads: oneByOne, atOnce: 1 },
    });
    report([same, busy, single]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report([same, ...distant]: readonly [Result, ...Result[]]): void {
  const all = [same, ...distant];
  const tables = all.flatMap((part) => part.tables);
  const skipped = all.flatMap(({ comparison }) => comparison.skipped);
  if (options.json) {
    const latency = distant.map(({ comparison }) => comparison);
    console.log(JSON.stringify({ tables, skipped, comparison: same.comparison, latency }));
  } else for (const table of tables) show(table);
  for (const { name, reason } of skipped) say(`Skipped ${name}: ${reason}`);
}

function tablesOf(title: string, rounds: number, comparison: Comparison): readonly Table[] {
  return [
    figuresTable(`${title}: median of ${rounds} rounds (range)`, comparison),
    ratiosTable(`${title}: ratio to the first in the same round`, comparison),
  ];
}

function show({ title, rows }: Table): void {
  console.log(`\n${title}`);
  console.table(rows);
}

function say(line: string): void {
  console.error(line);
}
