import { z } from 'zod';
import { CONSUMER_GROUPS, type ConsumerGroup, READ_MODELS, readModelOfGroup } from '../../shared/event-hubs/hub.ts';
import type { LogPosition } from '../database/sync-database.ts';

/** A replay of every read model. */
export const ALL_READ_MODELS = 'all';

/** What a replay can be of: all read models, or one by its container's name. */
export const REPLAYABLE: readonly string[] = [ALL_READ_MODELS, ...READ_MODELS];

/** A replay as it is stored: what was asked for, and all that it takes to carry it on. */
export interface Replay {
  readonly id: string;
  /** One of REPLAYABLE. */
  readonly readModel: string;
  /** Events recorded earlier (ISO 8601 UTC) are left out; null: none. */
  readonly from: string | null;
  readonly status: 'running' | 'completed' | 'failed';
  /** Events to replay: counted at the start, and exact once all are published. */
  readonly total: number;
  /** Events that the hub has acknowledged. */
  readonly published: number;
  /** Events that every read model of the replay has behind it. */
  readonly done: number;
  /** Where the next page of the log begins; null: at its beginning. */
  readonly cursor: LogPosition | null;
  /** Sequence number of the hub's last event by partition, once all events are published; null before. */
  readonly ends: Readonly<Record<string, number>> | null;
  /** Runs in a row that could not go on, and why the last one could not. */
  readonly failedRuns: number;
  readonly error: string | null;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** What a caller asks for. */
export interface ReplayRequest {
  readonly readModel: string;
  readonly from?: string | undefined;
}

/** A replay that has not begun. `total` is the number of events to replay, `now` an ISO 8601 time. */
export function newReplay(id: string, { readModel, from }: ReplayRequest, total: number, now: string): Replay {
  return {
    id,
    readModel,
    from: from ?? null,
    status: 'running',
    total,
    published: 0,
    done: 0,
    cursor: null,
    ends: null,
    failedRuns: 0,
    error: null,
    startedAt: now,
    finishedAt: null,
  };
}

/** The consumer groups whose read models a replay is of. */
export function groupsOf({ readModel }: Pick<Replay, 'readModel'>): readonly ConsumerGroup[] {
  return CONSUMER_GROUPS.filter((group) => isReplayOf(readModel, readModelOfGroup(group)));
}

/** Whether a replay that was asked for by this name is of a read model. */
export function isReplayOf(asked: string, readModel: string): boolean {
  return asked === ALL_READ_MODELS || asked === readModel;
}

/** A replay as admins see it. */
export const replayResponse = z
  .strictObject({
    replayId: z.string(),
    readModel: z.string(),
    from: z.iso.datetime().exactOptional(),
    status: z.enum(['running', 'completed', 'failed']),
    total: z.int().nonnegative().describe('Events to replay: counted at the start, exact once all are on their way.'),
    done: z.int().nonnegative().describe('Events that the read models have taken in.'),
    error: z.string().exactOptional().describe('Why it failed, or why its last run could not go on.'),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'Replay' });

/** Shows a replay. */
export function toReplayResponse(replay: Replay): z.output<typeof replayResponse> {
  const { id: replayId, readModel, from, status, total, done, error, startedAt, finishedAt } = replay;
  return {
    replayId,
    readModel,
    ...(from !== null && { from }),
    status,
    total,
    done,
    ...(error !== null && { error }),
    startedAt,
    ...(finishedAt !== null && { finishedAt }),
  };
}
