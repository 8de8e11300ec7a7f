import type { InvocationContext } from '@azure/functions';
import type { SyncConfig } from '../../shared/config.ts';
import { withinHubLimit } from '../../shared/event-hubs/within-hub-limit.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import type { SyncApp } from '../app.ts';
import type { ReplayStore, StoredReplay } from './replay-store.ts';
import { type ReplayServices, resumeReplay } from './resume-replay.ts';
import { type SpacedReadings, spacedReadings } from './spaced-readings.ts';

/** Maximum duration of a run (ms): short enough to end before the next run is due and while a host shuts down. */
const RUN_MS = 4_000;
/** How long (ms) a run waits for the hub. Without a limit, the timer might never run again. */
const HUB_LIMIT_MS = 30_000;

/** What the timer uses of the app. */
type ReplayApp = Pick<SyncApp, 'logReads' | 'openReplayHub' | 'runtime'> & {
  readonly config: Pick<SyncConfig, 'replay'>;
  readonly replays: Pick<ReplayStore, 'oldestRunning' | 'replace'>;
};

/**
 * The timer that resumes replays, one after the other. The host runs a timer in one instance at a time; if two instances run it
 * anyway, the ETag of the replay's document lets only one of them continue.
 */
export function resumeReplaysTimer(app: ReplayApp): TimerFunction {
  const { now } = app.runtime;
  const readings = spacedReadings(app.runtime);
  return {
    trigger: 'timer',
    name: 'resumeReplays',
    options: {
      schedule: app.config.replay.schedule,
      handler: async (_timer, context) => {
        const until = now() + RUN_MS;
        for (let finished: string | undefined; now() < until; ) {
          const oldest = await app.replays.oldestRunning();
          // The same replay is still the oldest: it cannot continue in this run.
          if (oldest === undefined || oldest.replay.id === finished) return;
          finished = oldest.replay.id;
          await run(app, oldest, { readings, until, context });
        }
      },
    },
  };
}

interface Run {
  readonly readings: SpacedReadings;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly context: InvocationContext;
}

/** Opens its own connections. */
async function run(
  { replays, logReads, openReplayHub, runtime }: ReplayApp,
  { replay, etag }: StoredReplay,
  { readings, until, context }: Run,
): Promise<void> {
  const hub = await openReplayHub((text) => context.warn(text));
  const inTime = <Result>(work: () => Promise<Result>) => withinHubLimit(HUB_LIMIT_MS, runtime.timer, work);
  let current = etag;
  const services: ReplayServices = {
    logReads,
    publisher: hub.publisher,
    positions: () => readings.read(() => inTime(hub.positions)),
    isReadingDue: readings.isDue,
    save: async (next) => {
      const saved = await replays.replace(next, current);
      current = saved ?? current;
      return saved !== undefined;
    },
    now: () => new Date(runtime.now()),
  };
  try {
    await resumeReplay(replay, services, until, (sentence, cause) =>
      context.warn(`Replay ${replay.id}: ${sentence}`, cause),
    );
  } finally {
    await inTime(hub.close).catch(() => undefined);
  }
}
