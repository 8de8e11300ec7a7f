import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandsConfig } from '../../src/shared/config.ts';
import { openMasterKey } from '../../src/shared/personal-data/open-master-key.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { envelopeOf } from '../../test/support/commands/command-bus.ts';
import { type Cost, inParallel, measureCost } from '../measuring/drive.ts';
import { startLatencyProxy } from '../measuring/latency-proxy.ts';
import { alternate, type Effort } from '../measuring/rounds.ts';
import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { measureSqlLatency } from '../sql-latency.ts';
import { startBenchAzure } from '../system/azure.ts';
import { openCommandLayers } from '../system/command-layers.ts';
import { openDelayedWriteStore } from '../system/delayed-write-store.ts';
import { openNaiveWay } from '../system/naive-way.ts';
import { DESK_COMMANDS, newOrders, placeCommand } from '../system/order-desk.ts';
import { batchFigures } from './latency-projections.ts';

/** Round trips (ms) within a region, as an app sees them. */
const SQL_MS = 2;
const EVENT_HUBS_MS = 8;
const SQL_CHARACTERS = 3_000;

/** Measures commands, projections and long SQL requests while every round trip takes as long as in the cloud. */
export async function latencyFigures(effort: Effort): Promise<readonly Figure[]> {
  const { driver, ours } = await measureSqlLatency(SQL_CHARACTERS);
  const sockets = `request of ${SQL_CHARACTERS.toLocaleString('en-US')} characters to a SQL server: our sockets : the driver's`;
  return [
    ...(await commandsWithLatency(effort)),
    ...(await batchFigures(effort)),
    measured(sockets, ratiosOf(ours, driver), RATIO),
  ];
}

async function commandsWithLatency(effort: Effort): Promise<readonly Figure[]> {
  const azure = await startBenchAzure();
  const proxy = await startLatencyProxy(azure.eventHubsPort, EVENT_HUBS_MS);
  const hub = (azure.settings.EventHubConnection ?? '').replace(`:${azure.eventHubsPort}`, `:${proxy.port}`);
  const store = await openDelayedWriteStore(azure.writeStore, SQL_MS);
  const masterKey = openMasterKey(commandsConfig(azure.settings).masterKey, systemRuntime);
  const layers = openCommandLayers(store, masterKey, hub);
  const naive = openNaiveWay(join(dirname(azure.writeStore), 'naive.db'), hub, () => sleep(SQL_MS));
  await inParallel(DESK_COMMANDS, 16, (command) => layers.bus.dispatch(envelopeOf(command)));
  const ways = new Map<string, (count: number, atOnce: number) => Promise<Cost>>([
    ['store calls', async (count, atOnce) => measureCost(await layers.callsOf(newOrders(count)), atOnce, layers.call)],
    [
      'ours',
      (count, atOnce) => {
        const place = (order: ReturnType<typeof newOrders>[number]) =>
          layers.publishingBus.dispatch(envelopeOf(placeCommand(order)));
        return measureCost(newOrders(count), atOnce, place, layers.published);
      },
    ],
    ['naive', (count, atOnce) => measureCost(newOrders(count), atOnce, naive.place)],
  ]);
  const loads = [
    { atOnce: 1, count: effort.quick ? 15 : 30 },
    { atOnce: 16, count: effort.quick ? 96 : 320 },
  ];
  const alternatives = loads.flatMap(({ atOnce, count }) =>
    [...ways].map(([way, measure]) => [`${way} ${atOnce}`, () => measure(count, atOnce)] as const),
  );
  try {
    const samples = await alternate(new Map<string, () => Promise<Cost>>(alternatives), effort);
    const rates = (name: string) => samples(name).map(({ perSecond }) => perSecond);
    const ratio = (base: string, atOnce: number) => ratiosOf(rates(`ours ${atOnce}`), rates(`${base} ${atOnce}`));
    const latency = `SQL ${SQL_MS} ms, Event Hubs ${EVENT_HUBS_MS} ms`;
    return loads.flatMap(({ atOnce }) => [
      measured(`${latency}, ${atOnce} at once: bus and publishing : the naive way`, ratio('naive', atOnce), RATIO, {
        atLeast: 3,
      }),
      measured(
        `${latency}, ${atOnce} at once: bus and publishing : the two store calls alone`,
        ratio('store calls', atOnce),
        RATIO,
        {
          atLeast: 0.7,
        },
      ),
      measured(`${latency}, ${atOnce} at once: bus and publishing`, rates(`ours ${atOnce}`), 'commands/s'),
    ]);
  } finally {
    await Promise.all([layers.close(), naive.close()]);
    proxy.close();
    await store.close();
    await azure.close();
  }
}
