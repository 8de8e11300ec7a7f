import { rm } from 'node:fs/promises';
import { cpuMsSince, inParallel, range } from '../measuring/drive.ts';
import { type GrowingOperation, growthOf } from '../measuring/growth.ts';
import type { Effort } from '../measuring/rounds.ts';
import type { Figure } from '../report/figure.ts';
import { type GrownWriteStore, openGrownWriteStore } from '../system/grown-write-store.ts';
import { markAllPublished } from '../system/mark-all-published.ts';

const AT_ONCE = 16;
const LINES = 2;
const POLLS = 20;
/** A turn of {@link POLLS} polls takes about a millisecond. */
const TURNS = 50;
/** A claim that finds nothing, because all events are published. */
const NONE = { owner: 'bench', leaseMs: 1, olderThanMs: 600_000, limit: 500, maxCharacters: 4_000_000 };

/**
 * Measures commands and the poll of the outbox on write stores of different sizes.
 * @param sizes numbers of orders
 * @param fileOf path of the SQLite file for a number of orders
 */
export async function writeSideGrowth(
  sizes: readonly number[],
  fileOf: (orders: number) => string,
  effort: Effort,
): Promise<readonly Figure[]> {
  const commands = effort.quick ? 60 : 200;
  const operations: GrowingOperation[] = [];
  const opened: GrownWriteStore[] = [];
  for (const orders of sizes) {
    effort.say(`loads a write store with ${orders} orders`);
    const grown = await openGrownWriteStore(fileOf(orders), orders);
    opened.push(grown);
    operations.push(
      { what: 'placing and confirming an order', orders, measure: () => placeAndConfirm(grown, commands) },
      { what: 'polling the outbox', orders, measure: () => pollOutbox(grown), turns: TURNS },
    );
  }
  try {
    return await growthOf(operations, effort);
  } finally {
    for (const { store } of opened) await store.close();
    for (const orders of sizes) await rm(fileOf(orders), { force: true });
  }
}

async function placeAndConfirm({ shop, store }: GrownWriteStore, commands: number): Promise<number> {
  const orders = await Promise.all(range(commands).map(() => shop.newOrder(LINES)));
  const before = process.cpuUsage();
  await inParallel(orders, AT_ONCE, async (order) => {
    await shop.send(order);
    await shop.send({ type: 'ConfirmOrder', on: order.on });
  });
  const cpuMs = cpuMsSince(before) / commands;
  await markAllPublished(store);
  return cpuMs;
}

/** Polls the outbox as the relay does every few seconds. */
async function pollOutbox({ store }: GrownWriteStore): Promise<number> {
  const before = process.cpuUsage();
  for (const _ of range(POLLS)) {
    await store.backlog();
    await store.claim(NONE);
  }
  return cpuMsSince(before) / POLLS;
}
