import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteWriteStore } from '../src/commands/write-store/sqlite/sqlite-write-store.ts';
import { percentile } from '../src/shared/percentile.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openReadSide, orderEvents } from './read-side.ts';
import { openShop } from './shop.ts';

export interface Ratio {
  readonly what: string;
  /** Median of the rounds, per second. */
  readonly oneByOne: number;
  readonly together: number;
  readonly ratio: number;
}

/** The two alternatives alternate, so that a slowdown of the machine affects both. */
const ROUNDS = 7;
const COMMANDS = 160;
const AT_ONCE = 16;
const EVENTS = 100;

/** Places orders of five lines in a database file, one at a time and 16 at a time. Concurrent commits share disk flushes. */
export async function compareCommands(): Promise<Ratio> {
  const folder = await mkdtemp(join(tmpdir(), 'orders-bench-'));
  const store = await openSqliteWriteStore(join(folder, 'orders.db'), systemRuntime);
  const shop = await openShop(store, 'bench');
  const place = async (atOnce: number) => {
    const orders = await Promise.all(Array.from({ length: COMMANDS }, () => shop.newOrder(5)));
    return perSecond(COMMANDS, async () => {
      for (let next = 0; next < COMMANDS; next += atOnce) {
        await Promise.all(orders.slice(next, next + atOnce).map(shop.send));
      }
    });
  };
  const ratio = await compare(`commands/s, ${AT_ONCE} at once and 1 at a time`, {
    oneByOne: () => place(1),
    together: () => place(AT_ONCE),
  });
  await store.close();
  await rm(folder, { recursive: true });
  return ratio;
}

/** Projects events of 100 orders into the order page, one event at a time and all in one batch. */
export async function compareProjections(): Promise<Ratio> {
  const readSide = await openReadSide();
  const project = readSide.projections.get('order_details');
  if (project === undefined) throw new Error('There is no projection of order_details.');
  const ratio = await compare(`events/s, ${EVENTS} in one batch and one by one`, {
    oneByOne: async () => {
      const { confirmed: events } = await orderEvents(EVENTS, randomUUID());
      return perSecond(EVENTS, async () => {
        for (const event of events) await project([event]);
      });
    },
    together: async () => {
      const { confirmed: events } = await orderEvents(EVENTS, randomUUID());
      return perSecond(EVENTS, () => project(events));
    },
  });
  await readSide.close();
  return ratio;
}

async function compare(
  what: string,
  alternatives: { readonly oneByOne: () => Promise<number>; readonly together: () => Promise<number> },
): Promise<Ratio> {
  await alternatives.oneByOne();
  await alternatives.together();
  const [oneByOne, together]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    oneByOne.push(await alternatives.oneByOne());
    together.push(await alternatives.together());
  }
  const [slow, fast] = [percentile(oneByOne, 50) ?? 0, percentile(together, 50) ?? 0];
  return { what, oneByOne: Math.round(slow), together: Math.round(fast), ratio: Math.round((fast / slow) * 10) / 10 };
}

async function perSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return count / ((performance.now() - startedAt) / 1000);
}
