import { CONSUMER_GROUPS } from '../../src/shared/event-hubs/hub.ts';
import { cpuSeconds } from '../cpu-seconds.ts';
import { atConstantRate } from '../measuring/constant-rate.ts';
import { forSeconds, range } from '../measuring/drive.ts';
import type { HttpClient } from '../measuring/http-client.ts';
import type { Effort } from '../measuring/rounds.ts';
import { type Figure, measured } from '../report/figure.ts';
import { startBenchAzure } from '../system/azure.ts';
import { allProjected } from '../system/lag.ts';
import { addCustomersAndProducts, newOrders, type OrderBody } from '../system/sample-orders.ts';

const ORDERS_PER_SECOND = 15;
/** An order is placed and cancelled. */
const EVENTS_PER_ORDER = 2;
/**
 * How long (s) orders are placed before the first round. The rounds measure apps that have run for a while: at a constant rate, the compiler
 * has optimized most of it after some hundred orders.
 */
const WARM_UP_SECONDS = { quick: 1, normal: 20 };
/** So few that most events are batches of their own, as in the rounds. */
const WARM_UP_AT_ONCE = 2;

/**
 * Measures the CPU time of each app while customers place orders, read them, list their orders, and cancel them. An order waits for its
 * page before it is cancelled, so each of its events is a batch of its own in most consumer groups.
 */
export async function constantRateFigures({ quick, rounds, say }: Effort): Promise<readonly Figure[]> {
  const seconds = quick ? 2 : 4;
  say('starts the three apps');
  const azure = await startBenchAzure();
  const [commandApp, syncApp, queryApp] = await Promise.all([
    azure.startApp('commands'),
    azure.startApp('sync'),
    azure.startApp('queries'),
  ]);
  const apps = [commandApp, syncApp, queryApp];
  const [commands, sync, queries] = [azure.clientOf(commandApp), azure.clientOf(syncApp), azure.clientOf(queryApp)];
  try {
    await addCustomersAndProducts(commands);
    await allProjected(sync);
    const load = async (duration: number) => {
      const orders = newOrders(Math.ceil(ORDERS_PER_SECOND * duration));
      await atConstantRate(ORDERS_PER_SECOND, duration, async (number) =>
        placeReadAndCancel(orders[number], commands, queries),
      );
    };
    const warmUpSeconds = WARM_UP_SECONDS[quick ? 'quick' : 'normal'];
    say(`warms up for ${warmUpSeconds} s`);
    await forSeconds(warmUpSeconds, WARM_UP_AT_ONCE, () => placeReadAndCancel(newOrders(1)[0], commands, queries));
    await allProjected(sync);
    const samples: (readonly number[])[] = [];
    for (const round of range(rounds)) {
      say(`${ORDERS_PER_SECOND} orders/s, round ${round + 1} of ${rounds}`);
      const before = apps.map((app) => cpuSeconds(app.pid));
      await load(seconds);
      const orders = ORDERS_PER_SECOND * seconds;
      samples.push(apps.map((app, index) => ((cpuSeconds(app.pid) - (before[index] ?? 0)) * 1_000) / orders));
    }
    return figuresOf(samples);
  } finally {
    for (const client of [commands, queries, sync]) client.close();
    await Promise.all(apps.map((app) => app.stop()));
    await azure.close();
  }
}

async function placeReadAndCancel(
  order: OrderBody | undefined,
  commands: HttpClient,
  queries: HttpClient,
): Promise<void> {
  if (order === undefined) return;
  const { orderId, customerId } = order;
  await commands.post('/orders', order);
  await queries.get(`/orders/${orderId}?minVersion=1`);
  await queries.get(`/customers/${customerId}/orders`);
  await commands.post(`/orders/${orderId}/cancel`, { reason: 'no longer needed' });
}

/** @param samples per round: CPU ms per order of the command, sync and query app */
function figuresOf(samples: readonly (readonly number[])[]): readonly Figure[] {
  const ofApp = (index: number) => samples.map((apps) => apps[index] ?? Number.NaN);
  const perEvent = ofApp(1).map((ms) => ms / EVENTS_PER_ORDER / CONSUMER_GROUPS.length);
  const at = `at ${ORDERS_PER_SECOND} orders/s`;
  return [
    measured(`${at}: sync app, mean of ${CONSUMER_GROUPS.length} read models`, perEvent, 'CPU ms per event', {
      atMost: 1,
    }),
    measured(
      `${at}: sync app (${EVENTS_PER_ORDER} events per order, ${CONSUMER_GROUPS.length} read models)`,
      ofApp(1),
      'CPU ms per order',
    ),
    measured(`${at}: command app (2 commands per order)`, ofApp(0), 'CPU ms per order'),
    measured(`${at}: query app (2 queries per order)`, ofApp(2), 'CPU ms per order'),
  ];
}
