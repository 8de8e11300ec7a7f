import type { ConsumerGroup } from '../../shared/event-hubs/hub.ts';
import { lastSeen, type PartitionPosition } from '../lag/hub-positions.ts';
import { groupsOf, type Replay } from './replay.ts';

/** How far the read models have come in the replay's hub. */
export interface Behind {
  /** Events that the slowest read model of the replay has not taken in. */
  readonly events: number;
  /** True when some have left the hub before a read model took them in: they never will be. */
  readonly expired: boolean;
}

/** How far a replay's read models are behind the hub's last events, or behind those of the replay where it knows them. */
export function behindOf(replay: Replay, positions: readonly PartitionPosition[]): Behind {
  const ends = replay.ends ?? endsOf(positions);
  const groups = groupsOf(replay);
  const missing = (position: PartitionPosition, group: ConsumerGroup) =>
    Math.max(0, (ends[position.partition.partitionId] ?? -1) - lastSeen(position, group));
  return {
    events: Math.max(...groups.map((group) => sum(positions.map((position) => missing(position, group))))),
    expired: positions.some((position) =>
      groups.some(
        (group) =>
          missing(position, group) > 0 && lastSeen(position, group) + 1 < position.partition.beginningSequenceNumber,
      ),
    ),
  };
}

/** Sequence number of the last event in each partition; -1 in one that never had any. */
export function endsOf(positions: readonly PartitionPosition[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    positions.map(({ partition }) => [partition.partitionId, partition.lastEnqueuedSequenceNumber]),
  );
}

/** A replay with what its read models have taken in by now; completed when that is all. `now` is an ISO 8601 time. */
export function withProgress(replay: Replay, { events, expired }: Behind, now: string): Replay {
  if (expired) {
    const error = 'Events have left the hub before a read model took them in: start another replay.';
    return { ...replay, status: 'failed', error, finishedAt: now };
  }
  if (replay.ends !== null && events === 0) {
    return { ...replay, status: 'completed', done: replay.published, finishedAt: now };
  }
  // Never less than before: what was published again after a crash is behind once more.
  return { ...replay, done: Math.max(replay.done, replay.published - events) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
