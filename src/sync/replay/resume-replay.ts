import { isDeepStrictEqual } from 'node:util';
import { SpanKind } from '@opentelemetry/api';
import type { EventPublisher } from '../../shared/event-hubs/event-publisher.ts';
import { ORDER_EVENTS_REPLAY_HUB } from '../../shared/event-hubs/hub.ts';
import { publishAttributes } from '../../shared/telemetry/messaging-attributes.ts';
import { failedReplayRunCount, replayDone, replayTotal } from '../../shared/telemetry/metrics.ts';
import { currentTraceparent, describeSpan, inTrace, withSpan } from '../../shared/telemetry/tracing.ts';
import type { EventLog, LogPage } from '../database/sync-database.ts';
import type { PartitionPosition } from '../lag/hub-positions.ts';
import { backlogOf, endsOf, withProgress } from './progress.ts';
import type { Replay } from './replay.ts';

/** The services that a replay uses. */
export interface ReplayServices {
  readonly log: Pick<EventLog, 'page'>;
  readonly publisher: Pick<EventPublisher, 'send'>;
  /** Reads the positions in the replay hub. */
  positions(): Promise<readonly PartitionPosition[]>;
  /** Stores the replay. Returns false on an ETag conflict. */
  save(replay: Replay): Promise<boolean>;
  now(): Date;
  /** Waits while the read models process published events. */
  pause(): Promise<void>;
}

/** Events per page of the log; the replay is saved after each page. */
const PAGE_SIZE = 500;
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
 * log counts as published once the hub has acknowledged all of it, so a crash publishes at most the last page again. Rejects only
 * when the replay cannot be saved; other errors are passed to `warn` and saved in the replay.
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
    replayDone.record(next.done, { read_model: next.readModel });
    replayTotal.record(next.total, { read_model: next.readModel });
    if (!isDeepStrictEqual(next, current) && !(await services.save(next))) return;
    if (next.failedRuns > 0) return;
    if (next.cursor === current.cursor) await services.pause();
    current = next;
  }
}

function failedRun(replay: Replay, error: string, now: Date): Replay {
  failedReplayRunCount.add(1, { read_model: replay.readModel });
  const failedRuns = replay.failedRuns + 1;
  if (failedRuns < MAX_FAILED_RUNS) return { ...replay, failedRuns, error };
  return { ...replay, failedRuns, error, status: 'failed', finishedAt: now.toISOString() };
}

/** Checks the read models' progress, and publishes a page unless they are too far behind. Throws ReplayFault. */
async function step(replay: Replay, services: ReplayServices): Promise<Replay> {
  const positions = await readPositions(services);
  const backlog = backlogOf(replay, positions);
  const current = withProgress({ ...replay, failedRuns: 0, error: null }, backlog, services.now().toISOString());
  if (current.status !== 'running' || current.ends !== null || backlog.events >= MAX_AHEAD) return current;

  const { events, next } = await inTrace(current.traceparent, () => publishPage(current, services));
  const published = current.published + events.length;
  if (next !== undefined) return { ...current, published, cursor: next, total: Math.max(current.total, published) };
  return { ...current, published, total: published, ends: endsOf(await readPositions(services)) };
}

const readPositions = ({ positions }: ReplayServices) =>
  positions().catch(orFault('The progress of the read models cannot be read.'));

/** Reads the next page of the log and publishes it, in a producer span. */
function publishPage(replay: Replay, services: ReplayServices): Promise<LogPage> {
  const attributes = () => ({
    ...publishAttributes(ORDER_EVENTS_REPLAY_HUB),
    'cqrs.replay_id': replay.id,
    'cqrs.read_model': replay.readModel,
  });
  return withSpan({ name: `publish ${ORDER_EVENTS_REPLAY_HUB}`, kind: SpanKind.PRODUCER, attributes }, async () => {
    const page = await services.log
      .page({ after: replay.cursor ?? undefined, from: replay.from ?? undefined, limit: PAGE_SIZE })
      .catch(orFault('The event log cannot be read.'));
    describeSpan(() => ({ 'messaging.batch.message_count': page.events.length }));
    await publish(page.events, replay, services);
    return page;
  });
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
