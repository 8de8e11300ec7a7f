import { isDeepStrictEqual } from 'node:util';
import { SpanKind } from '@opentelemetry/api';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import { publishAttributes } from '../../shared/telemetry/messaging-attributes.ts';
import { failedReplayRunCount, replayDone, replayTotal } from '../../shared/telemetry/metrics.ts';
import { currentTraceparent, inTrace, withSpan } from '../../shared/telemetry/tracing.ts';
import type { LogPage } from '../database/sync-database.ts';
import type { PartitionPosition } from '../lag/partition-position.ts';
import { nudge } from './nudge.ts';
import { backlogOf, endsOf, type Reading, withProgress, withStarts } from './progress.ts';
import { type LogPageReads, readPage, type SourcedPage } from './read-page.ts';
import { groupsOf, type Replay } from './replay.ts';

/** The services that a replay uses. */
export interface ReplayServices {
  readonly logReads: LogPageReads;
  readonly publisher: Pick<EventPublisher, 'send'>;
  /** Reads the positions in the replay hub, as soon as a reading is due. */
  positions(): Promise<readonly PartitionPosition[]>;
  /** Whether a reading of the positions is due. */
  isReadingDue(): boolean;
  /** Stores the replay. Returns false on an ETag conflict. */
  save(replay: Replay): Promise<boolean>;
  now(): Date;
}

/** Maximum events ahead of the slowest read model, so that no event expires in the hub before it is processed. */
const MAX_AHEAD = 5_000;
/** Failed runs in a row until the replay fails: more than eight minutes at the default schedule. */
export const MAX_FAILED_RUNS = 100;

/** Ends a run, which the next run may retry. The message is a sentence for admins. */
class ReplayFault extends Error {}

const orFault = (sentence: string) => (cause: unknown) => {
  throw new ReplayFault(sentence, { cause });
};

/**
 * Resumes a replay until it ends, `until` (ms since 1970) has passed, or another run saves it first (an ETag conflict). A page of the
 * log counts as published once the hub has acknowledged all of it, so a crash publishes at most the last page again. A run that ends
 * while read models process the last events nudges their triggers. Rejects only when the replay cannot be saved; other errors are passed
 * to `warn` and saved in the replay.
 */
export async function resumeReplay(
  replay: Replay,
  services: ReplayServices,
  until: number,
  warn: (sentence: string, cause: unknown) => void,
): Promise<void> {
  let current = replay;
  let reading: Reading | undefined;
  const advance = async () => {
    if (reading === undefined || services.isReadingDue()) reading = await readPositions(current, services);
    return step(current, reading, services);
  };
  while (current.status === 'running' && services.now().getTime() < until) {
    const next = await advance().catch((error: unknown) => {
      if (!(error instanceof ReplayFault)) throw error;
      warn(error.message, error.cause);
      return failedRun(current, error.message, services.now());
    });
    replayDone.record(next.done, { read_model: next.readModel });
    replayTotal.record(next.total, { read_model: next.readModel });
    if (!isDeepStrictEqual(next, current) && !(await services.save(next))) return;
    if (next.failedRuns > 0 || next.source === 'waiting') return;
    // It waits for the read models, so for another reading.
    if (next.cursor === current.cursor) reading = undefined;
    current = next;
  }
  await nudge(current, services.publisher, services.now());
}

function failedRun(replay: Replay, error: string, now: Date): Replay {
  failedReplayRunCount.add(1, { read_model: replay.readModel });
  const failedRuns = replay.failedRuns + 1;
  if (failedRuns < MAX_FAILED_RUNS) return { ...replay, failedRuns, error };
  return { ...replay, failedRuns, error, status: 'failed', finishedAt: now.toISOString() };
}

/** Checks the read models' progress, and publishes a page unless they are too far behind. Throws ReplayFault. */
async function step(replay: Replay, reading: Reading, services: ReplayServices): Promise<Replay> {
  const begun = withStarts({ ...replay, failedRuns: 0, error: null }, reading.positions);
  const backlog = backlogOf(begun, reading);
  const current = withProgress(begun, backlog, nowOf(services));
  if (current.status !== 'running' || current.ends !== null || backlog.events >= MAX_AHEAD) return current;

  const read = await inTrace(current.traceparent, () => publishNextPage(current, services));
  if (read === 'waiting') return { ...current, source: 'waiting' };
  const { source, page } = read;
  const published = current.published + page.events.length;
  const advanced = { ...current, source, published };
  if (page.next !== undefined) return { ...advanced, cursor: page.next, total: Math.max(current.total, published) };
  const last = await readPositions(advanced, services);
  const ended = { ...advanced, total: published, ends: endsOf(last.positions) };
  return withProgress(ended, backlogOf(ended, last), nowOf(services));
}

const nowOf = ({ now }: ReplayServices) => now().toISOString();

/** Throws ReplayFault, also if a checkpoint is of another hub: with it, a read model would never process the replay. */
async function readPositions(replay: Replay, services: ReplayServices): Promise<Reading> {
  const positions = await services.positions().catch(orFault('The progress of the read models cannot be read.'));
  if (positions.some(({ strayCheckpoints }) => groupsOf(replay).some((group) => strayCheckpoints.has(group)))) {
    throw new ReplayFault(
      'The checkpoints are of another hub. Reset them: see docs/operations.md, "Checkpoints of another hub".',
    );
  }
  return { positions, published: replay.published };
}

/** Reads the next page of the log and publishes it, unless the replica has to catch up first. */
async function publishNextPage(replay: Replay, services: ReplayServices): Promise<SourcedPage | 'waiting'> {
  const read = await readPage(replay, services.logReads, services.now().getTime()).catch(
    orFault('The event log cannot be read.'),
  );
  if (read !== 'waiting') await publishPage(read.page, replay, services);
  return read;
}

/** Publishes a page in a producer span. */
function publishPage({ events }: LogPage, replay: Replay, services: ReplayServices): Promise<void> {
  const attributes = () => ({
    ...publishAttributes(ORDER_EVENTS_REPLAY_HUB),
    'cqrs.replay_id': replay.id,
    'cqrs.read_model': replay.readModel,
    'messaging.batch.message_count': events.length,
  });
  return withSpan({ name: `publish ${ORDER_EVENTS_REPLAY_HUB}`, kind: SpanKind.PRODUCER, attributes }, () =>
    publish(events, replay, services),
  );
}

/**
 * Sends the stored events unchanged, each with the replay's id, its target read model and the trace as application properties. The
 * events have the traces of their commands.
 */
async function publish(
  events: LogPage['events'],
  { id: replayId, readModel }: Replay,
  { publisher }: ReplayServices,
): Promise<void> {
  const traceparent = currentTraceparent();
  const properties = { replayId, readModel, ...(traceparent !== undefined && { traceparent }) };
  const outcomes = await Promise.all(events.map((event) => publisher.send({ ...event, properties })));
  if (outcomes.some((outcome) => outcome !== 'sent')) throw new ReplayFault('The hub did not accept all events.');
}
