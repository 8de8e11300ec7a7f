import { setTimeout as delay } from 'node:timers/promises';
import { app, type InvocationContext } from '@azure/functions';
import type { SyncConfig } from '../../shared/config.ts';
import { ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import { runtime } from '../app.ts';
import { currentEventLog } from '../database/current-event-log.ts';
import { replayStore, type StoredReplay } from './replay-store.ts';
import { carryOn, type ReplayServices } from './resume-replay.ts';

/** A run ends before the next one is due, and soon enough for a host that stops. */
const RUN_MS = 4_000;
/** Between two looks at how far the read models are. */
const PAUSE_MS = 200;

/**
 * Registers the timer that carries replays on, one after the other. The host runs a timer in one instance at a time; should two
 * run all the same, the etag of the replay's document lets one go on.
 */
export function registerReplays({ schedule }: SyncConfig['replay']): void {
  app.timer('carryOnReplays', {
    schedule,
    handler: async (_timer, context) => {
      const until = Date.now() + RUN_MS;
      const store = replayStore();
      for (let finished: string | undefined; Date.now() < until; ) {
        const oldest = await store.oldestRunning();
        // The same one again: it cannot go on in this run.
        if (oldest === undefined || oldest.replay.id === finished) return;
        finished = oldest.replay.id;
        await run(oldest, until, context);
      }
    },
  });
}

/** With connections of its own; what reads the hub is loaded with the first replay, since the Storage SDK takes long to load. */
async function run({ replay, etag }: StoredReplay, until: number, context: InvocationContext): Promise<void> {
  const { eventHub, storage } = runtime().config;
  const store = replayStore();
  const [{ openEventPublisher }, { openHubReader, readPositions }] = await Promise.all([
    import('../../shared/event-hubs/event-publisher.ts'),
    import('../lag/hub-positions.ts'),
  ]);
  const reader = openHubReader(eventHub, ORDER_EVENTS_REPLAY_HUB);
  const publisher = openEventPublisher(eventHub, ORDER_EVENTS_REPLAY_HUB, (text) => context.warn(text));
  let current = etag;
  const services: ReplayServices = {
    log: { page: async (request) => (await currentEventLog()).page(request) },
    publisher,
    positions: () => readPositions(reader, storage),
    save: async (next) => {
      const saved = await store.replace(next, current);
      current = saved ?? current;
      return saved !== undefined;
    },
    now: () => new Date(),
    pause: () => delay(PAUSE_MS),
  };
  try {
    await carryOn(replay, services, until, (sentence, cause) =>
      context.warn(`Replay ${replay.id}: ${sentence}`, cause),
    );
  } finally {
    await Promise.all([publisher.close(), reader.close()]);
  }
}
