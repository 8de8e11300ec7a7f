/** Compares this project with other ways to build the same service: `npm run bench:peers`. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { boosterLocally } from './booster.ts';
import { compare, type Plan } from './compare.ts';
import { emmettOnPostgresql, emmettOnSqlite } from './emmett.ts';
import { installPackages } from './install.ts';
import { naiveWay } from './naive/peer.ts';
import { commandsAlone } from './ours/commands-alone.ts';
import { wholeSystem } from './ours/system.ts';
import type { Peer } from './peer.ts';
import { figuresTable, ratiosTable, type Table } from './tables.ts';

const HELP = `Places and reads the same orders with this project and with other ways to build it. Takes about three minutes.

  npm run bench:peers [-- options]

  --quick   one short round, for a first impression
  --only    only the peers whose name contains this text, such as Emmett
  --json    prints one JSON object: tables, skipped peers, and the figures of every round

The first run installs the peers' packages from the npm registry. bench/peers/README.md explains what is compared.`;

const PEERS = [wholeSystem, commandsAlone, naiveWay, emmettOnSqlite, emmettOnPostgresql, boosterLocally];
const AT_ONCE = 16;
const FULL: Plan = { work: { commands: 320, reads: 640, atOnce: AT_ONCE }, rounds: 5, warmUps: 2 };
const QUICK: Plan = { work: { commands: 160, reads: 320, atOnce: AT_ONCE }, rounds: 1, warmUps: 1 };

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
else {
  const peers = PEERS.filter(({ name }) => name.includes(options.only));
  await run(peers, options.quick ? QUICK : FULL, options.json ?? false);
}

async function run(peers: readonly Peer[], plan: Plan, asJson: boolean): Promise<void> {
  const say = (line: string) => console.error(line);
  const folder = await mkdtemp(join(tmpdir(), 'orders-peers-'));
  await chmod(folder, 0o711); // PostgreSQL may run as another user
  try {
    await installPackages('.', say);
    const comparison = await compare(peers, plan, { folder, say });
    const { work, rounds } = plan;
    const what = `${work.commands} orders of 5 lines and ${work.reads} GETs, ${work.atOnce} at once`;
    const tables: readonly Table[] = [
      figuresTable(`Peers on the same work: ${what}; median of ${rounds} rounds (range)`, comparison),
      ratiosTable('Peers on the same work: ratio to the first in the same round', comparison),
    ];
    if (asJson) console.log(JSON.stringify({ tables, skipped: comparison.skipped, plan, comparison }));
    else for (const table of tables) show(table);
    for (const { name, reason } of comparison.skipped) say(`Skipped ${name}: ${reason}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function show({ title, rows }: Table): void {
  console.log(`\n${title}`);
  console.table(rows);
}
