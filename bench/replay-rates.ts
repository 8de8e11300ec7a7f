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
import { range } from './measuring/drive.ts';
import type { Effort } from './measuring/rounds.ts';
import { type Figure, measured, RATIO } from './report/figure.ts';
import { ratiosOf } from './report/statistics.ts';

/** Number of orders to replay, with two events each on average. */
const ORDERS = { quick: 60, normal: 300 };

/** Measures the throughput of a replay on a complete local system, whose read models are up to date. */
export async function replayFigures({ quick, rounds, say }: Effort): Promise<readonly Figure[]> {
  say('starts the whole system, and places orders');
  const system = await startSystem();
  try {
    await placeOrders(system.as('admin'), ORDERS[quick ? 'quick' : 'normal'], 'USD');
    await caughtUp(system);
    const replayed: number[] = [];
    let events = 0;
    for (const round of range(rounds)) {
      say(`round ${round + 1} of ${rounds}`);
      const { total, startedAt, finishedAt } = await replayToTheEnd(system, { readModel: 'all' });
      replayed.push((total * 1_000) / (Date.parse(finishedAt ?? '') - Date.parse(startedAt)));
      events = total;
    }
    await system.host.stop();
    const published: number[] = [];
    for (const _ of range(rounds)) published.push(events / (await secondsToPublish(system)));
    return [
      measured(`replay of ${events} events, until all read models have processed it`, replayed, 'events/s'),
      measured(`replay of ${events} events, from the event log to the hub`, published, 'events/s'),
      measured('replay: events/s processed relative to events/s sent', ratiosOf(replayed, published), RATIO),
    ];
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
    isReadingDue: () => true,
    save: async () => true,
    now: () => new Date(),
  };
  const replay = newReplay('bench', { readModel: 'all' }, { total: 0, beat: 0 }, new Date().toISOString());
  const startedAt = performance.now();
  await resumeReplay(replay, services, Number.POSITIVE_INFINITY, console.error);
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all([publisher.close(), database.close()]);
  return seconds;
}
