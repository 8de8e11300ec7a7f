import { decodeEvents } from '../../shared/events/decode.ts';
import type { Heartbeat } from '../../shared/write-database/heartbeat.ts';
import type { LogPage } from '../database/sync-database.ts';
import type { LogPageReads } from '../replay/read-page.ts';
import { MAX_FAILED_RUNS } from '../replay/resume-replay.ts';
import { messageOf } from './delivery.ts';
import type { DeliveryStore } from './delivery-store.ts';
import { withoutKeys } from './queue-events.ts';
import type { Webhook, WebhookReplay } from './webhook.ts';

/** What a replay uses. */
export interface ReplayServices {
  readonly logReads: LogPageReads;
  readonly deliveries: Pick<DeliveryStore, 'addAgain' | 'countPending'>;
  /** Stores the subscription. Returns undefined if it has changed meanwhile. */
  readonly save: (webhook: Webhook) => Promise<Webhook | undefined>;
  readonly now: () => number;
}

/** Maximum events of the log per step, skipped ones included. */
const PAGE_SIZE = 500;
/** Maximum pending messages of a subscription at which another page is queued. */
const MAX_PENDING = 1_000;

/**
 * A replay that has not started. `from` and `now` are ISO 8601 times in UTC.
 * @param beat the heartbeat at the start
 */
export function newReplay(from: string, beat: number, now: string): WebhookReplay {
  return { from, status: 'running', queued: 0, failedRuns: 0, cursor: null, beat, startedAt: now, finishedAt: null };
}

/**
 * Queues one page of the log again, if a replay is running and not too many messages are pending. The page is queued before the
 * position is stored, so a crash queues it once more.
 * @returns the subscription afterwards; undefined when there was nothing to do, or when the subscription has changed meanwhile.
 * Throws the errors of the stores
 */
export async function stepReplay(webhook: Webhook, services: ReplayServices): Promise<Webhook | undefined> {
  const { replay, webhookId, eventTypes } = webhook;
  if (replay?.status !== 'running') return undefined;
  if ((await services.deliveries.countPending(webhookId)) >= MAX_PENDING) return undefined;
  const { events, next } = await readPage(replay, services.logReads);
  const decoded = await decodeEvents(
    events.map(({ body }) => body),
    withoutKeys,
  );
  const now = new Date(services.now()).toISOString();
  const queued = decoded
    .flatMap((result) => (result.kind === 'event' ? result.event : []))
    .filter(({ eventType }) => eventTypes.includes(eventType))
    .map((event) => messageOf(event, now)(webhookId));
  await services.deliveries.addAgain(queued);
  const total = replay.queued + queued.length;
  const advanced: WebhookReplay =
    next === undefined
      ? { ...replay, queued: total, status: 'completed', finishedAt: now }
      : { ...replay, queued: total, failedRuns: 0, cursor: next };
  return services.save({ ...webhook, replay: advanced });
}

/** Counts a failed run of the replay that is running. The last of too many ends it. Throws the errors of the store. */
export async function recordFailedRun(
  webhook: Webhook,
  { save, now }: Pick<ReplayServices, 'save' | 'now'>,
): Promise<void> {
  const { replay } = webhook;
  if (replay?.status !== 'running') return;
  const failedRuns = (replay.failedRuns ?? 0) + 1;
  const failed: WebhookReplay =
    failedRuns < MAX_FAILED_RUNS
      ? { ...replay, failedRuns }
      : { ...replay, failedRuns, status: 'failed', finishedAt: new Date(now()).toISOString() };
  await save({ ...webhook, replay: failed });
}

/**
 * Reads the next page of the log from the replica if that has everything that the log had when the replay started, otherwise from the
 * primary.
 */
async function readPage({ from, cursor, beat }: WebhookReplay, reads: LogPageReads): Promise<LogPage> {
  const request = { after: cursor ?? undefined, from, limit: PAGE_SIZE };
  const isTaken = (_: unknown, heartbeat: Heartbeat) => beat !== undefined && heartbeat.beat >= beat;
  return (await reads.read(({ log }) => log.page(request), isTaken)).answer;
}
