import * as z from 'zod';
import { CONSUMER_GROUPS, type ConsumerGroup, READ_MODELS, readModelOfGroup } from '../../shared/event-hubs/hub.ts';
import type { LogPosition } from '../database/sync-database.ts';

/** A replay of every read model. */
export const ALL_READ_MODELS = 'all';

/** What a replay can rebuild: all read models, or one by its container's name. */
export const REPLAYABLE: readonly string[] = [ALL_READ_MODELS, ...READ_MODELS];

/** `cancelled`: an admin ended it before it had published all events. */
export const replayStatus = z.enum(['running', 'completed', 'failed', 'cancelled']);
export type ReplayStatus = z.output<typeof replayStatus>;

export const replaySource = z.enum(['replica', 'primary', 'waiting']);
export type ReplaySource = z.output<typeof replaySource>;

/** A stored replay: what was requested, and the state that is needed to resume it. */
export interface Replay {
  readonly id: string;
  /** One of REPLAYABLE. */
  readonly readModel: string;
  /** Events recorded before this time (ISO 8601 UTC) are skipped; null: all events are replayed. */
  readonly from: string | null;
  readonly status: ReplayStatus;
  /** Number of events to replay: counted at the start, and exact once all are published. */
  readonly total: number;
  /** Number of events that the hub has acknowledged. */
  readonly published: number;
  /** Number of events that every read model of the replay has processed. */
  readonly done: number;
  /** Checkpoint in the log: the next page starts after it; null: at the beginning. */
  readonly cursor: LogPosition | null;
  /**
   * Sequence number of the hub's last event by partition when the replay had published nothing. Absent before its first run, and in a
   * replay that an earlier release has begun.
   */
  readonly starts?: Readonly<Record<string, number>>;
  /** Sequence number of the hub's last event by partition, once all events are published; null before. */
  readonly ends: Readonly<Record<string, number>> | null;
  /** Number of failed runs in a row, and the error of the last one. */
  readonly failedRuns: number;
  readonly error: string | null;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /**
   * The heartbeat that was recorded at the start: a replica that has it has everything that the log had then. Absent in a replay that an
   * earlier release started.
   */
  readonly beat?: number;
  /** Where the last page was read, or `waiting` while the replica does not have the beat of the start. Absent before the first page. */
  readonly source?: ReplaySource;
  /** W3C trace context of the replay's own trace; absent when telemetry was off at its start. */
  readonly traceparent?: string;
}

/** What a caller requests. */
export interface ReplayRequest {
  readonly readModel: string;
  readonly from?: string | undefined;
}

/** What is known of the log when a replay starts: the number of events to replay, and the heartbeat. */
export interface LogAtStart {
  readonly total: number;
  readonly beat: number;
}

/** A replay that has not started. `now` is an ISO 8601 time. */
export function newReplay(
  id: string,
  { readModel, from }: ReplayRequest,
  { total, beat }: LogAtStart,
  now: string,
): Replay {
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
    beat,
  };
}

/** The consumer groups of the read models that a replay rebuilds. */
export function groupsOf({ readModel }: Pick<Replay, 'readModel'>): readonly ConsumerGroup[] {
  return CONSUMER_GROUPS.filter((group) => isReplayOf(readModel, readModelOfGroup(group)));
}

/** Whether a replay of `requested` (one of REPLAYABLE) rebuilds a read model. */
export function isReplayOf(requested: string, readModel: string): boolean {
  return requested === ALL_READ_MODELS || requested === readModel;
}

/** A replay in API responses. */
export const replayResponse = z
  .strictObject({
    replayId: z.string(),
    readModel: z.string(),
    from: z.iso.datetime().exactOptional(),
    status: replayStatus,
    total: z
      .int()
      .nonnegative()
      .describe(
        'Number of events to replay. Counted at the start, or estimated if there are more than 100,000; exact once all are published.',
      ),
    done: z.int().nonnegative().describe('Number of events that every read model has processed.'),
    source: replaySource
      .exactOptional()
      .describe(
        'Which copy of the log was read last. `waiting`: the replica does not have all events yet that the log had at the start; after two minutes, the primary is read.',
      ),
    error: z.string().exactOptional().describe('Why the replay failed, or why its last run failed.'),
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'Replay' });

/** Maps a stored replay to its API response. */
export function toReplayResponse(replay: Replay): z.output<typeof replayResponse> {
  const { id: replayId, readModel, from, status, total, done, source, error, startedAt, finishedAt } = replay;
  return {
    replayId,
    readModel,
    ...(from !== null && { from }),
    status,
    total,
    done,
    ...(source !== undefined && { source }),
    ...(error !== null && { error }),
    startedAt,
    ...(finishedAt !== null && { finishedAt }),
  };
}
