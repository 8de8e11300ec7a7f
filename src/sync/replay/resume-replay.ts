import { isDeepStrictEqual } from 'node:util';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import type { EventLog, LogPage } from '../database/sync-database.ts';
import type { PartitionPosition } from '../lag/hub-positions.ts';
import { behindOf, endsOf, withProgress } from './progress.ts';
import type { Replay } from './replay.ts';

/** What a replay is carried on with. */
export interface ReplayServices {
  readonly log: Pick<EventLog, 'page'>;
  readonly publisher: Pick<EventPublisher, 'send'>;
  /** Where the replay's hub stands. */
  positions(): Promise<readonly PartitionPosition[]>;
  /** Stores a replay that nobody has changed since; false when somebody has. */
  save(replay: Replay): Promise<boolean>;
  now(): Date;
  /** Waits while the read models take in what is on its way. */
  pause(): Promise<void>;
}

/** Events in a page of the log: what is published between two saves. */
const PAGE_SIZE = 500;
/** At most so many events are ahead of the slowest read model, so that none leaves the hub before it was taken in. */
const MAX_AHEAD = 5_000;
/** At the default schedule more than eight minutes of runs that could not go on. */
export const MAX_FAILED_RUNS = 100;

/** A run cannot go on; the message is a sentence for admins. */
class ReplayFault extends Error {}

const orFault = (sentence: string) => (cause: unknown) => {
  throw new ReplayFault(sentence, { cause });
};

/**
 * Carries a replay on until it has ended, the time (ms since 1970) is over, or someone else has carried it on. A page of the log
 * counts once the hub has acknowledged all of it: a crash publishes at most the last page again. Rejects only when the replay
 * cannot be saved; `warn` hears of what a run met otherwise, and so does the replay.
 */
export async function resumeReplay(
  replay: Replay,
  services: ReplayServices,
  until: number,
  warn: (sentence: string, cause: unknown) => void,
): Promise<void> {
  let current = replay;
  while (current.status === 'running' && services.now().getTime() < until) {
    const next = await step(current, services).catch((error: unknown) => {
      if (!(error instanceof ReplayFault)) throw error;
      warn(error.message, error.cause);
      return failedRun(current, error.message, services.now());
    });
    if (!isDeepStrictEqual(next, current) && !(await services.save(next))) return;
    if (next.failedRuns > 0) return;
    if (next.cursor === current.cursor) await services.pause();
    current = next;
  }
}

function failedRun(replay: Replay, error: string, now: Date): Replay {
  const failedRuns = replay.failedRuns + 1;
  if (failedRuns < MAX_FAILED_RUNS) return { ...replay, failedRuns, error };
  return { ...replay, failedRuns, error, status: 'failed', finishedAt: now.toISOString() };
}

/** Looks how far the read models are, and publishes a page when they are not too far behind. Throws ReplayFault. */
async function step(replay: Replay, services: ReplayServices): Promise<Replay> {
  const positions = await readPositions(services);
  const behind = behindOf(replay, positions);
  const current = withProgress({ ...replay, failedRuns: 0, error: null }, behind, services.now().toISOString());
  if (current.status !== 'running' || current.ends !== null || behind.events >= MAX_AHEAD) return current;

  const { events, next } = await services.log
    .page({ after: current.cursor ?? undefined, from: current.from ?? undefined, limit: PAGE_SIZE })
    .catch(orFault('The event log cannot be read.'));
  await publish(events, current, services);
  const published = current.published + events.length;
  if (next !== undefined) return { ...current, published, cursor: next, total: Math.max(current.total, published) };
  return { ...current, published, total: published, ends: endsOf(await readPositions(services)) };
}

const readPositions = ({ positions }: ReplayServices) =>
  positions().catch(orFault('It cannot be read how far the read models are.'));

/** Sends the events as they were stored, each with the replay that it belongs to and the read model that it is for. */
async function publish(
  events: LogPage['events'],
  { id: replayId, readModel }: Replay,
  { publisher }: ReplayServices,
): Promise<void> {
  const properties = { replayId, readModel };
  const acknowledged = await Promise.all(events.map((event) => publisher.send({ ...event, properties })));
  if (acknowledged.includes(false)) throw new ReplayFault('The hub does not take all events.');
}
