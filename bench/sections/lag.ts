import { setTimeout as sleep } from 'node:timers/promises';
import { CosmosClient } from '@azure/cosmos';
import { percentile } from '../../src/shared/percentile.ts';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { documentId } from '../../src/shared/read-models/document-id.ts';
import { inParallel } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { atConstantRate } from '../measuring/constant-rate.ts';
import { type Figure, measured } from '../report/figure.ts';
import { startBenchAzure } from '../system/azure.ts';
import { allProjected } from '../system/lag.ts';
import { addCustomersAndProducts, newOrders, type OrderBody } from '../system/sample-orders.ts';

const AT_ONCE = 16;
const SHARES = [0.25, 0.5, 0.75];
/** The lag of so many orders a second is observed. Each observation is a read every few milliseconds. */
const OBSERVED_PER_SECOND = 10;
const POLL_MS = 4;
/** An order that is not there then has this lag (ms): the system is overloaded. */
const GIVE_UP_MS = 10_000;

/** Measures the time from the answer to a command until the order page has the order, at three loads. */
export async function lagFigures(effort: Effort): Promise<readonly Figure[]> {
  const { quick } = effort;
  effort.say('starts the command app and the sync app');
  const azure = await startBenchAzure();
  const [commands, sync] = await Promise.all([azure.startApp('commands'), azure.startApp('sync')]);
  const [client, lagClient] = [azure.clientOf(commands), azure.clientOf(sync)];
  const cosmos = new CosmosClient(azure.settings.CosmosConnection ?? '');
  const pages = cosmos.database('orders').container(ORDER_DETAILS.name);
  const place = (order: OrderBody | undefined) => client.post('/orders', order);
  const isThere = async (orderId: string) => {
    const { statusCode } = await pages.item(documentId(orderId), documentId(orderId)).read();
    return statusCode === 200;
  };
  const highest = async (count: number) => {
    const startedAt = performance.now();
    await inParallel(newOrders(count), AT_ONCE, place);
    await allProjected(lagClient);
    return (count * 1_000) / (performance.now() - startedAt);
  };
  const lagsAt = async (perSecond: number, seconds: number) => {
    const orders = newOrders(Math.ceil(perSecond * seconds));
    const every = Math.max(1, Math.round(perSecond / OBSERVED_PER_SECOND));
    const lags: number[] = [];
    await atConstantRate(perSecond, seconds, async (number) => {
      const order = orders[number];
      await place(order);
      if (order !== undefined && number % every === 0) lags.push(await timeUntil(() => isThere(order.orderId)));
    });
    await allProjected(lagClient);
    return lags;
  };
  try {
    await addCustomersAndProducts(client);
    const orders = quick ? 80 : 300;
    await highest(orders); // warms up
    const rate = await highest(orders);
    effort.say(`the highest rate is ${Math.round(rate)} orders/s`);
    const seconds = quick ? 1.5 : 2;
    const samples = await alternate(
      new Map([
        ...SHARES.map((share) => [share, () => lagsAt(rate * share, seconds)] as const),
        [1, async () => [await highest(orders)]],
      ]),
      effort,
      0,
    );
    return [
      measured('highest rate, until projected', samples(1).flat(), 'orders/s'),
      ...SHARES.flatMap((share) => figuresAt(share, samples(share))),
    ];
  } finally {
    cosmos.dispose();
    for (const one of [client, lagClient]) one.close();
    await Promise.all([commands.stop(), sync.stop()]);
    await azure.close();
  }
}

async function timeUntil(isThere: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await isThere())) {
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
