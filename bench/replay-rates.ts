import { openEventPublisher } from '../src/shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_REPLAY_HUB } from '../src/shared/event-hubs/hub.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { replicaReads } from '../src/shared/write-database/replica.ts';
import { openSyncDatabase } from '../src/sync/database/open-sync-database.ts';
import { newReplay } from '../src/sync/replay/replay.ts';
import { resumeReplay } from '../src/sync/replay/resume-replay.ts';
import { caughtUp, placeOrders } from '../test/support/shop/replayed-shop.ts';
import { replayToTheEnd } from '../test/support/shop/replays.ts';
import { startSystem, type TestSystem } from '../test/support/system/system.ts';

/** Number of orders to replay, with two events each on average. */
const ORDERS = 1_000;

export interface ReplayRates {
  readonly events: number;
  /** From the log to the hub, without waiting for read models. */
  readonly publishedPerSecond: number;
  /** From the start of the replay until all five read models, which were up to date, have processed it. */
  readonly replayedPerSecond: number;
}

/** Measures the throughput of a replay on a complete local system. */
export async function measureReplay(): Promise<ReplayRates> {
  const system = await startSystem();
  try {
    await placeOrders(system.as('admin'), ORDERS, 'USD');
    await caughtUp(system);
    const { total, startedAt, finishedAt } = await replayToTheEnd(system, { readModel: 'all' });
    const seconds = (Date.parse(finishedAt ?? '') - Date.parse(startedAt)) / 1000;
    await system.host.stop();
    return {
      events: total,
      publishedPerSecond: Math.round(total / (await secondsToPublish(system))),
      replayedPerSecond: Math.round(total / seconds),
    };
  } finally {
    await system.stop();
  }
}

/** Publishes the whole log as a replay does. The hub reports no partitions, so the replay never waits for a read model. */
async function secondsToPublish({ azure, writeStore }: TestSystem): Promise<number> {
  const database = await openSyncDatabase(`sqlite:${writeStore}`, { runtime: systemRuntime });
  const connection = { kind: 'connectionString' as const, connectionString: azure.eventHubs.connectionString };
  const publisher = openEventPublisher(connection, ORDER_EVENTS_REPLAY_HUB, console.error, systemRuntime);
  await publisher.ping();
  const services = {
    logReads: replicaReads({ primary: async () => database }, systemRuntime),
    publisher,
    positions: async () => [],
    save: async () => true,
    now: () => new Date(),
    pause: async () => undefined,
  };
  const replay = newReplay('bench', { readModel: 'all' }, { total: 0, beat: 0 }, new Date().toISOString());
  const startedAt = performance.now();
  await resumeReplay(replay, services, Number.POSITIVE_INFINITY, console.error);
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all([publisher.close(), database.close()]);
  return seconds;
}
