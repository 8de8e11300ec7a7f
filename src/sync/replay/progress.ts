import type { ConsumerGroup } from '../../shared/event-hubs/hub.ts';
import type { PartitionPosition } from '../lag/partition-position.ts';
import { groupsOf, type Replay } from './replay.ts';

/** Positions in the replay hub. */
export interface Reading {
  readonly positions: readonly PartitionPosition[];
  /** Number of events that the replay had published when they were read. */
  readonly published: number;
}

/** What the read models have yet to process in the replay hub. */
export interface Backlog {
  /** Events that the slowest read model of the replay has not processed. */
  readonly events: number;
  /** True when events expired in the hub before a read model processed them, so that it never will. */
  readonly expired: boolean;
}

/**
 * The backlog up to the replay's last events, or up to the hub's last events while the replay is still publishing. Events that it has
 * published since the reading count as unprocessed.
 */
export function backlogOf(replay: Replay, { positions, published }: Reading): Backlog {
  const ends = replay.ends ?? endsOf(positions);
  const groups = groupsOf(replay);
  const missing = (position: PartitionPosition, group: ConsumerGroup) =>
    Math.max(0, (ends[position.partition.partitionId] ?? -1) - lastDone(replay, position, group));
  const read = Math.max(...groups.map((group) => sum(positions.map((position) => missing(position, group)))));
  return {
    events: read + replay.published - published,
    expired: positions.some((position) =>
      groups.some(
        (group) =>
          missing(position, group) > 0 &&
          lastDone(replay, position, group) + 1 < position.partition.beginningSequenceNumber,
      ),
    ),
  };
}

/**
 * Sequence number of the last event in a partition that a group need not process any more: it has processed it, or the event expired and
 * is not of this replay. Events of an earlier replay may expire unprocessed, and a trigger's checkpoint stays before them until another
 * event arrives.
 */
function lastDone({ starts }: Replay, { partition, checkpoints }: PartitionPosition, group: ConsumerGroup): number {
  const start = starts?.[partition.partitionId] ?? -1;
  return Math.max(checkpoints.get(group) ?? -1, Math.min(start, partition.beginningSequenceNumber - 1));
}

/** Notes in a replay that has published nothing where its events will start in the hub. */
export function withStarts(replay: Replay, positions: readonly PartitionPosition[]): Replay {
  const hasBegun = replay.starts !== undefined || replay.cursor !== null || replay.ends !== null;
  return hasBegun ? replay : { ...replay, starts: endsOf(positions) };
}

/** Sequence number of the last event by partition; -1 for a partition that never had an event. */
export function endsOf(positions: readonly PartitionPosition[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    positions.map(({ partition }) => [partition.partitionId, partition.lastEnqueuedSequenceNumber]),
  );
}

/** Updates a replay's progress and status from its backlog. `now` is an ISO 8601 time. */
export function withProgress(replay: Replay, { events, expired }: Backlog, now: string): Replay {
  if (expired) {
    const error = 'Events expired in the hub before a read model processed them. Start another replay.';
    return { ...replay, status: 'failed', error, finishedAt: now };
  }
  if (replay.ends !== null && events === 0) {
    return { ...replay, status: 'completed', done: replay.published, finishedAt: now };
  }
  // Never decreases: events that are published again after a crash count as backlog again.
  return { ...replay, done: Math.max(replay.done, replay.published - events) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
