import { dirname, join } from 'node:path';
import { commandsConfig } from '../../src/shared/config.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf } from '../../test/support/commands/command-bus.ts';
import { CLOUD_LATENCY } from '../measuring/cloud-latency.ts';
import { type Cost, inParallel, measureCost } from '../measuring/drive.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { measureSqlLatency } from '../sql-latency.ts';
import { startBenchAzure } from '../system/azure.ts';
import { type CommandLayers, openCommandLayers } from '../system/command-layers.ts';
import { openDelayedWriteStore } from '../system/delayed-write-store.ts';
import { type NaiveWay, openNaiveWay } from '../system/naive-way.ts';
import { newOrders, type OrderBody, placeCommand, SETUP_COMMANDS } from '../system/sample-orders.ts';
import { batchFigures } from './latency-projections.ts';

const { sqlMs, eventHubsMs } = CLOUD_LATENCY;
const SQL_CHARACTERS = 3_000;
/** Commands in flight at the same time. */
const CONCURRENCY = [1, 16] as const;
const MAX_CONCURRENCY = Math.max(...CONCURRENCY);

type Way = 'store calls' | 'bus and publishing' | 'naive way';

/** Measures commands, projections and long SQL requests while every round trip takes as long as in the cloud. */
export async function latencyFigures(effort: Effort): Promise<readonly Figure[]> {
  const { driver, ours } = await measureSqlLatency(SQL_CHARACTERS);
  const request = `request of ${SQL_CHARACTERS.toLocaleString('en-US')} characters to a SQL server`;
  return [
    ...(await commandsWithLatency(effort)),
    ...(await batchFigures(effort)),
    measured(`${request}, duration with the apps' sockets relative to the driver's`, ratiosOf(ours, driver), RATIO),
  ];
}

async function commandsWithLatency(effort: Effort): Promise<readonly Figure[]> {
  const azure = await startBenchAzure(eventHubsMs);
  const hub = azure.settings.EventHubConnection ?? '';
  const store = await openDelayedWriteStore(azure.writeStore, sqlMs);
  const masterKey = openMasterKey(commandsConfig(azure.settings).masterKey, systemRuntime);
  const layers = openCommandLayers(store, masterKey, hub);
  const file = join(dirname(azure.writeStore), 'naive.db');
  const naive = openNaiveWay({ file, hub, sqlMs, connections: MAX_CONCURRENCY });
  await inParallel(SETUP_COMMANDS, MAX_CONCURRENCY, (command) => layers.bus.dispatch(envelopeOf(command)));
  try {
    const samples = await alternate(alternativesOf(layers, naive, effort), effort);
    return CONCURRENCY.flatMap((atOnce) => figuresOf(atOnce, (way) => samples(`${way} ${atOnce}`)));
  } finally {
    await Promise.all([layers.close(), naive.close()]);
    await store.close();
    await azure.close();
  }
}

/** Each way to place orders, one at a time and concurrently. */
function alternativesOf(layers: CommandLayers, naive: NaiveWay, { quick }: Effort) {
  const place = (order: OrderBody) => layers.publishingBus.dispatch(envelopeOf(placeCommand(order)));
  const ways = new Map<Way, (count: number, atOnce: number) => Promise<Cost>>([
    ['store calls', async (count, atOnce) => measureCost(await layers.callsOf(newOrders(count)), atOnce, layers.call)],
    ['bus and publishing', (count, atOnce) => measureCost(newOrders(count), atOnce, place, layers.published)],
    ['naive way', (count, atOnce) => measureCost(newOrders(count), atOnce, naive.place)],
  ]);
  const counts = quick ? { single: 15, concurrent: 96 } : { single: 30, concurrent: 320 };
  const alternatives = CONCURRENCY.flatMap((atOnce) => {
    const count = atOnce === 1 ? counts.single : counts.concurrent;
    return [...ways].map(([way, measure]) => [`${way} ${atOnce}`, () => measure(count, atOnce)] as const);
  });
  return new Map<string, () => Promise<Cost>>(alternatives);
}

function figuresOf(atOnce: number, samples: (way: Way) => readonly Cost[]): readonly Figure[] {
  const rates = (way: Way) => samples(way).map(({ perSecond }) => perSecond);
  const ours = rates('bus and publishing');
  const load = atOnce === 1 ? 'one at a time' : `${atOnce} at once`;
  const what = `SQL ${sqlMs} ms, Event Hubs ${eventHubsMs} ms, ${load}: bus and publishing`;
  return [
    measured(`${what}, commands/s relative to the naive way`, ratiosOf(ours, rates('naive way')), RATIO, {
      atLeast: 3,
    }),
    measured(`${what}, commands/s relative to the two store calls alone`, ratiosOf(ours, rates('store calls')), RATIO, {
      atLeast: 0.7,
    }),
    measured(what, ours, 'commands/s'),
  ];
}
