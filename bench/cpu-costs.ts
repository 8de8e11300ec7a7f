import { LIVE_CONSUMER_GROUPS } from '../src/shared/event-hubs/hub.ts';
import { placeOrders } from '../test/support/shop/replayed-shop.ts';
import { eventually } from '../test/support/system/api-client.ts';
import { startSystem, type TestSystem } from '../test/support/system/system.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { cpuMsSince } from './measuring/drive.ts';
import type { Effort } from './measuring/rounds.ts';

/** CPU time in ms, measured with one app per process. It depends on the machine. */
export interface CpuCosts {
  /** Of the command app, per command. */
  readonly perCommand: number;
  /** Of the sync app, per event and consumer group. */
  readonly perEventAndGroup: number;
  /** Of the query app, per GET of an order. */
  readonly perRead: number;
  /** Of the clients and the stand-ins together, per command. */
  readonly perCommandElsewhere: number;
  /** Commands per second, until all of their events are projected. */
  readonly commandsPerSecond: number;
}

/** Orders, of which every three cause six commands. */
const ORDERS = 60;
const COMMANDS = ORDERS * 2;
const READS = 480;
const READ_AT_ONCE = 16;
const CONSUMERS = LIVE_CONSUMER_GROUPS.length;

/** Measures the CPU time of commands, projections and queries in several rounds, each app in a process of its own. */
export async function measureCpu({ rounds, say }: Pick<Effort, 'rounds' | 'say'>): Promise<readonly CpuCosts[]> {
  say('starts an app per process');
  const system = await startSystem();
  const commands = await system.startApp('commands', {});
  const queries = await system.startApp('queries', {});
  try {
    const costs: CpuCosts[] = [];
    for (let round = 0; round <= rounds; round++) {
      say(round === 0 ? 'warms up' : `round ${round} of ${rounds}`);
      costs.push(await measureRound(system, { commands, queries }));
    }
    return costs.slice(1);
  } finally {
    await commands.stop();
    await queries.stop();
    await system.stop();
  }
}

type Apps = Readonly<Record<'commands' | 'queries', Awaited<ReturnType<TestSystem['startApp']>>>>;

async function measureRound(system: TestSystem, { commands, queries }: Apps): Promise<CpuCosts> {
  const before = [commands.pid, system.host.pid].map(cpuSeconds);
  const elsewhere = process.cpuUsage();
  const startedAt = performance.now();
  const orders = await placeOrders(system.as('admin', undefined, commands.url), ORDERS, 'USD');
  await projected(system);
  const seconds = (performance.now() - startedAt) / 1_000;
  const [ofCommands = 0, ofSync = 0] = [commands.pid, system.host.pid].map(cpuSeconds);
  const cpuMs = cpuMsSince(elsewhere);
  const beforeReads = cpuSeconds(queries.pid);
  await read(system, queries.url, orders[0]?.orderId ?? '');
  return {
    perCommand: ms(ofCommands - (before[0] ?? 0), COMMANDS),
    perEventAndGroup: ms(ofSync - (before[1] ?? 0), COMMANDS * CONSUMERS),
    perRead: ms(cpuSeconds(queries.pid) - beforeReads, READS),
    perCommandElsewhere: cpuMs / COMMANDS,
    commandsPerSecond: COMMANDS / seconds,
  };
}

const ms = (seconds: number, times: number): number => (seconds * 1_000) / times;

async function read(system: TestSystem, url: string, orderId: string): Promise<void> {
  const client = system.as('admin', undefined, url);
  const workers = Array.from({ length: READ_AT_ONCE }, async () => {
    for (let count = 0; count < READS / READ_AT_ONCE; count++) await client.get(`/orders/${orderId}`);
  });
  await Promise.all(workers);
}

/** Waits until every consumer has processed every event. Retries requests that fail, as some do on a busy machine. */
async function projected(system: TestSystem): Promise<void> {
  await eventually(
    () => system.as('admin').get('/admin/lag'),
    ({ status, body }) => status === 200 && body.items.every((item: { readonly behind: number }) => item.behind === 0),
  );
}
