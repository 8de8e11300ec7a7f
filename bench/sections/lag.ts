import { setTimeout as sleep } from 'node:timers/promises';
import { CosmosClient } from '@azure/cosmos';
import { percentile } from '../../src/shared/percentile.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { documentId } from '../../src/shared/read-models/document-id.ts';
import { atConstantRate } from '../measuring/constant-rate.ts';
import { inParallel } from '../measuring/drive.ts';
import type { HttpClient } from '../measuring/http-client.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured } from '../report/figure.ts';
import { startBenchAzure } from '../system/azure.ts';
import { allProjected } from '../system/lag.ts';
import { addCustomersAndProducts, newOrders, type OrderBody } from '../system/sample-orders.ts';

const AT_ONCE = 16;
/** Shares of the highest rate. */
const SHARES = [0.25, 0.5, 0.75];
/** Orders per second whose lag is observed. Each observation polls every few milliseconds, so not all orders are observed. */
const OBSERVED_PER_SECOND = 10;
const POLL_MS = 4;
/** The maximum lag in milliseconds. An order that takes longer counts with this lag: the system is overloaded. */
const GIVE_UP_MS = 10_000;

/** The command app and the sync app, and the documents of the order page. */
interface ObservedSystem {
  readonly commands: HttpClient;
  place(order: OrderBody | undefined): Promise<unknown>;
  /** Whether the order page has the order. */
  hasPage(orderId: string): Promise<boolean>;
  allProjected(): Promise<void>;
  close(): Promise<void>;
}

/** Measures the time from the response to a command until the order page has the order, at three rates. */
export async function lagFigures(effort: Effort): Promise<readonly Figure[]> {
  effort.say('starts the command app and the sync app');
  const system = await openSystem();
  try {
    await addCustomersAndProducts(system.commands);
    const orders = effort.quick ? 60 : 300;
    await highestRate(system, orders); // warms up
    const rate = await highestRate(system, orders);
    effort.say(`the highest rate is ${Math.round(rate)} orders/s`);
    const seconds = effort.quick ? 1 : 2;
    const samples = await alternate(
      new Map([
        ...SHARES.map((share) => [share, () => lagsAt(system, rate * share, seconds)] as const),
        [1, async () => [effort.quick ? rate : await highestRate(system, orders)]],
      ]),
      effort,
      0,
    );
    return [
      measured('highest rate, including projection', samples(1).flat(), 'orders/s'),
      ...SHARES.flatMap((share) => figuresAt(share, samples(share))),
    ];
  } finally {
    await system.close();
  }
}

async function openSystem(): Promise<ObservedSystem> {
  const azure = await startBenchAzure();
  const apps = await Promise.all([azure.startApp('commands'), azure.startApp('sync')]);
  const [commands, sync] = [azure.clientOf(apps[0]), azure.clientOf(apps[1])];
  const cosmos = new CosmosClient(azure.settings.CosmosConnection ?? '');
  const pages = cosmos.database('orders').container(ORDER_DETAILS.name);
  return {
    commands,
    place: (order) => commands.post('/orders', order),
    hasPage: async (orderId) => {
      const { statusCode } = await pages.item(documentId(orderId), documentId(orderId)).read();
      return statusCode === 200;
    },
    allProjected: () => allProjected(sync),
    close: async () => {
      cosmos.dispose();
      for (const client of [commands, sync]) client.close();
      await Promise.all(apps.map((app) => app.stop()));
      await azure.close();
    },
  };
}

/** Orders per second when as many as possible are placed, until all of them are projected. */
async function highestRate(system: ObservedSystem, orders: number): Promise<number> {
  const startedAt = performance.now();
  await inParallel(newOrders(orders), AT_ONCE, system.place);
  await system.allProjected();
  return (orders * 1_000) / (performance.now() - startedAt);
}

/** The lags in milliseconds of some of the orders that are placed at a rate. */
async function lagsAt(system: ObservedSystem, perSecond: number, seconds: number): Promise<readonly number[]> {
  const orders = newOrders(Math.ceil(perSecond * seconds));
  const every = Math.max(1, Math.round(perSecond / OBSERVED_PER_SECOND));
  const lags: number[] = [];
  await atConstantRate(perSecond, seconds, async (number) => {
    const order = orders[number];
    await system.place(order);
    if (order !== undefined && number % every === 0) lags.push(await timeUntil(() => system.hasPage(order.orderId)));
  });
  await system.allProjected();
  return lags;
}

async function timeUntil(isTrue: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - startedAt > GIVE_UP_MS) return GIVE_UP_MS;
    await sleep(POLL_MS);
  }
  return performance.now() - startedAt;
}

/** @param rounds lags (ms) in each round */
function figuresAt(share: number, rounds: readonly (readonly number[])[]): readonly Figure[] {
  const at = `at ${share * 100} % of the highest rate`;
  const of = (percent: number) => rounds.map((lags) => percentile(lags, percent) ?? Number.NaN);
  return [
    measured(`lag of the order page ${at}, p50`, of(50), 'ms'),
    measured(`lag of the order page ${at}, p95`, of(95), 'ms', share === 0.5 ? { atMost: 100 } : undefined),
  ];
}
