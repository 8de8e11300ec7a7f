import { randomUUID } from 'node:crypto';
import { openQueriesOn } from '../../test/support/queries/measured-queries.ts';
import { cpuMsSince, range } from '../measuring/drive.ts';
import { type GrowingOperation, growthOf } from '../measuring/growth.ts';
import type { Effort } from '../measuring/rounds.ts';
import { orderEvents } from '../read-side.ts';
import { counted, type Figure, RATIO } from '../report/figure.ts';
import { type GrownReadSide, openGrownReadSide } from '../system/grown-read-side.ts';

const QUERIES = [
  'GET /orders/{orderId}',
  'GET /orders?q=lamp',
  'GET /orders?q=grown-order-7',
  'GET /orders?q=nothing',
  'GET /orders?status=confirmed',
  'GET /shipments?status=confirmed',
  'GET /customers/{customerId}/orders',
  'GET /customers/{customerId}/summary',
];
const VALUES = { orderId: 'grown-order-7', customerId: 'grown-customer-7' };
const BATCH = 50;
/** The read models that have documents of each order. */
const READ_MODELS = ['order_details', 'customer_orders', 'order_search', 'shipping_board', 'sales_daily'];

/** Measures queries and projections. The stand-in for Cosmos DB is in this process, so its CPU time is included. */
export async function readSideGrowth(sizes: readonly number[], effort: Effort): Promise<readonly Figure[]> {
  const times = effort.quick ? 5 : 10;
  const operations: GrowingOperation[] = [];
  const requestUnits = new Map<string, number[]>();
  const closing: (() => Promise<void>)[] = [];
  for (const orders of sizes) {
    effort.say(`loads read models with ${orders} orders`);
    const readSide = await openGrownReadSide(orders);
    const { measure, close } = openQueriesOn(readSide, VALUES);
    closing.push(close, readSide.close);
    for (const query of QUERIES) {
      const { status, requestUnits: cost } = await measure(query);
      if (status !== 200) throw new Error(`${query} was answered with ${status}.`);
      requestUnits.set(query, [...(requestUnits.get(query) ?? []), cost]);
      operations.push({ what: query, orders, measure: () => cpuOf(times, () => measure(query)) });
    }
    operations.push({
      what: `projecting an order into ${READ_MODELS.length} read models`,
      orders,
      measure: () => project(readSide),
    });
  }
  try {
    return [...(await growthOf(operations, effort)), ...requestUnitGrowth(requestUnits, sizes)];
  } finally {
    for (const close of closing) await close();
  }
}

async function cpuOf(times: number, operation: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (const _ of range(times)) await operation();
  return cpuMsSince(before) / times;
}

async function project({ projections }: GrownReadSide): Promise<number> {
  const events = await orderEvents(BATCH, randomUUID());
  const before = process.cpuUsage();
  for (const readModel of READ_MODELS) {
    for (const batch of [events.placed, events.confirmed]) await projections.get(readModel)?.(batch);
  }
  return cpuMsSince(before) / BATCH;
}

function requestUnitGrowth(
  requestUnits: ReadonlyMap<string, readonly number[]>,
  sizes: readonly number[],
): readonly Figure[] {
  const [few = 0] = sizes;
  const many = sizes.at(-1) ?? few;
  const [small, large] = [few, many].map((orders) => orders.toLocaleString('en-US'));
  return [...requestUnits].map(([query, costs]) =>
    counted(`${query}, RU with ${large} orders relative to ${small}`, (costs.at(-1) ?? 0) / (costs[0] ?? 1), RATIO, {
      atMost: 1.5,
    }),
  );
}
