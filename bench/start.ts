import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { filesOf } from '../local/kept-data.ts';
import { createMasterKey } from '../local/master-key-file.ts';
import { openSqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { openMasterKey } from '../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { runNode } from '../test/support/system/program.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { openShop, type Shop } from './shop.ts';

export interface StartCost {
  /** What the data folder lacks. */
  readonly missing: string;
  readonly events: number;
  /** Events that the start sent to the hub. */
  readonly published: number;
  /** Documents that the start wrote. */
  readonly documentsWritten: number;
  /** CPU seconds of all processes of `npm start` until it is ready. */
  readonly cpuSeconds: number;
  /** CPU time compared with a start that has everything. */
  readonly ratio: number;
}

const PORTS = ['functions', 'event-hubs', 'cosmos-db', 'web-pubsub', 'blob', 'queue', 'table'];
const MISSING = [
  ['nothing', []],
  ['read models', ['cosmosDb']],
  ['hub', ['eventHubs']],
  ['checkpoints', ['storage']],
  ['all but the orders', ['cosmosDb', 'eventHubs', 'storage']],
] as const;
/** Orders that are placed at the same time; each has three events, and its customer has one. */
const AT_ONCE = 50;
const LINES = 3;

/** Measures `npm start` with a complete data folder, and with folders that lack something. */
export async function measureStart(orders: number): Promise<readonly StartCost[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-start-'));
  try {
    const complete = join(folder, 'complete');
    await fill(complete, orders);
    await start(complete);
    const starts: (Start & { readonly missing: string })[] = [];
    for (const [missing, files] of MISSING) {
      const data = join(folder, missing);
      await cp(complete, data, { recursive: true });
      for (const file of files) await rm(filesOf(data)[file], { recursive: true });
      starts.push({ missing, ...(await start(data)) });
    }
    const [kept] = starts;
    return starts.map(({ cpuSeconds: seconds, ...counts }) => {
      const ratio = seconds / (kept?.cpuSeconds ?? seconds);
      return { ...counts, cpuSeconds: round(seconds), ratio: round(ratio) };
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Creates a data folder with orders whose events were published. */
async function fill(data: string, orders: number): Promise<void> {
  const { writeStore, masterKey } = filesOf(data);
  await mkdir(data, { mode: 0o700 });
  await createMasterKey(masterKey);
  const store = await openSqliteWriteStore(writeStore, systemRuntime);
  const shop = await openShop(store, 'bench', openMasterKey({ kind: 'file', path: masterKey }, systemRuntime));
  for (let placed = 0; placed < orders; placed += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => shipOrder(shop)));
  }
  await store.close();
  const database = new DatabaseSync(writeStore);
  database.exec('UPDATE Events SET PublishedAt = RecordedAt');
  database.close();
}

async function shipOrder(shop: Shop): Promise<void> {
  const order = await shop.newOrder(LINES);
  await shop.send(order);
  await shop.send({ type: 'ConfirmOrder', on: order.on });
  await shop.send({ type: 'ShipOrder', on: order.on, data: { carrier: 'UPS', trackingNumber: '1Z' } });
}

type Start = Omit<StartCost, 'missing' | 'ratio'>;

async function start(data: string): Promise<Start> {
  const startedAt = Date.now();
  const program = runNode(['local/start.ts', ...PORTS.flatMap((name) => [`--${name}-port`, '0']), '--data', data]);
  try {
    await program.printed('Ready.');
    const processes = [program.pid, ...program.descendants()];
    const seconds = processes.map(cpuSeconds).reduce((sum, one) => sum + one, 0);
    program.interrupt();
    await program.ended();
    return { ...countsOf(data, startedAt), cpuSeconds: seconds };
  } finally {
    await program.kill();
  }
}

/** @param startedAt milliseconds since 1970 */
function countsOf(data: string, startedAt: number) {
  const { writeStore, eventHubs, cosmosDb } = filesOf(data);
  const startedAtSeconds = Math.floor(startedAt / 1_000);
  return {
    events: count(writeStore, 'SELECT count(*) AS found FROM Events'),
    published: count(eventHubs, `SELECT count(*) AS found FROM Events WHERE EnqueuedAt >= ${startedAt}`),
    documentsWritten: count(
      cosmosDb,
      `SELECT count(*) AS found FROM Documents WHERE Json ->> '$._ts' >= ${startedAtSeconds}`,
    ),
  };
}

function count(file: string, query: string): number {
  const database = new DatabaseSync(file);
  try {
    return Number(database.prepare(query).get()?.found);
  } finally {
    database.close();
  }
}
