import type { EventHubConsumerClient, PartitionProperties, ReceivedEventData } from '@azure/event-hubs';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { Connection } from '../../shared/config/connection.ts';
import {
  consumerName,
  LIVE_CONSUMER_GROUPS,
  type LiveConsumerGroup,
  ORDER_EVENTS_HUB,
} from '../../shared/event-hubs/hub.ts';
import { withinHubLimit } from '../../shared/event-hubs/within-hub-limit.ts';
import { lazyResource } from '../../shared/lazy-resource.ts';
import type { Clock } from '../../shared/runtime.ts';
import { openHubReader, readPositions } from './hub-positions.ts';
import type { EventTimes } from './live-events.ts';
import { lastProcessed, type PartitionPosition } from './partition-position.ts';

/** How far one consumer of the hub, a read model or `push`, is behind in one partition. */
export interface PartitionLag {
  readonly readModel: string;
  readonly partition: string;
  /** Age (ms) of the oldest unprojected event; 0 when there is none. */
  readonly lagMs: number;
  /** Number of unprojected events. */
  readonly behind: number;
  /** The oldest unprojected event; undefined when there is none, or when it could not be read. */
  readonly oldest: EventTimes | undefined;
  /**
   * Every event that the hub received before this time (milliseconds since 1970) is projected; undefined when the oldest unprojected
   * event could not be read.
   */
  readonly completeUpTo: number | undefined;
  /** Why the trigger makes no progress, and since when (ISO 8601): its checkpoint is of another hub. Undefined when it is not. */
  readonly stalled: { readonly since: string; readonly reason: string } | undefined;
}

/** Maximum wait (s) for an event that the hub already holds. */
const READ_WAIT_SECONDS = 2;

/** Limit (ms) for a reading. */
const READING_LIMIT_MS = 20_000;

/** Maximum events whose times are remembered, so that polls do not read the same event again. */
const MAX_REMEMBERED = 1_000;

/** Reads lags through a connection that stays open. */
export interface LagReader {
  /** Computes the lag of every read model and partition from the hub's newest events and the triggers' checkpoints. */
  read(): Promise<readonly PartitionLag[]>;
  close(): Promise<void>;
}

/** Opens a reader of the live hub. Concurrent calls of `read` share one result. After a failure, the next call connects again. */
export function openLagReader(
  eventHub: Connection,
  storage: Connection,
  { now, timer }: Pick<Clock, 'now' | 'timer'>,
): LagReader {
  const hub = lazyResource(async () => openHubReader(eventHub, ORDER_EVENTS_HUB));
  const times = new LRUCache<string, EventTimes>({ max: MAX_REMEMBERED });
  let reading: Promise<readonly PartitionLag[]> | undefined;
  const read = async () => {
    const client = await hub.get();
    const readAt = now();
    const positions = await readPositions(client, storage);
    const lags = await Promise.all(
      positions.map((position) => partitionLags({ client, times, now, readAt }, position)),
    );
    return lags.flat();
  };
  const readInTime = async () => {
    try {
      return await withinHubLimit(READING_LIMIT_MS, timer, read);
    } catch (error) {
      hub.close().catch(() => undefined);
      throw error;
    } finally {
      reading = undefined;
    }
  };
  return {
    read: () => {
      reading ??= readInTime();
      return reading;
    },
    close: hub.close,
  };
}

interface Reading extends Pick<Clock, 'now'> {
  readonly client: EventHubConsumerClient;
  /** When the reading of the positions began. */
  readonly readAt: number;
  /** Times of events by partition and sequence number of the event before. */
  readonly times: LRUCache<string, EventTimes>;
}

/** The lag of each read model in one partition. Sequential, because a client allows one subscription per partition at a time. */
async function partitionLags(reading: Reading, position: PartitionPosition): Promise<readonly PartitionLag[]> {
  const lags: PartitionLag[] = [];
  for (const group of LIVE_CONSUMER_GROUPS) {
    const lag = await lagOf(reading, position, group);
    const stalled = stallOf(position, group);
    lags.push({ readModel: consumerName(group), partition: position.partition.partitionId, ...lag, stalled });
  }
  return lags;
}

function stallOf({ strayCheckpoints, partition, hubCreatedOn }: PartitionPosition, group: LiveConsumerGroup) {
  const stray = strayCheckpoints.get(group);
  if (stray === undefined) return undefined;
  const since = hubCreatedOn.toISOString();
  const reason = `${strayCheckpoint(stray, partition)} Reset the checkpoints ("npm run checkpoints -- --reset"), then replay: see docs/operations.md, "Checkpoints of another hub".`;
  return { since, reason };
}

/** Says which checkpoint is of another hub, as a sentence. */
export const strayCheckpoint = (
  sequenceNumber: number,
  { partitionId, lastEnqueuedSequenceNumber }: Pick<PartitionProperties, 'partitionId' | 'lastEnqueuedSequenceNumber'>,
): string =>
  `The checkpoint in partition ${partitionId} is at event ${sequenceNumber} of another hub: this one was created later, and its last event is ${lastEnqueuedSequenceNumber}.`;

async function lagOf(
  reading: Reading,
  position: PartitionPosition,
  group: LiveConsumerGroup,
): Promise<Omit<PartitionLag, 'readModel' | 'partition' | 'stalled'>> {
  const { partitionId, isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber, lastEnqueuedOnUtc } =
    position.partition;
  // Events after the checkpoint may have expired in the hub since.
  const last = Math.max(lastProcessed(position, group), beginningSequenceNumber - 1);
  const behind = isEmpty ? 0 : Math.max(0, lastEnqueuedSequenceNumber - last);
  if (behind === 0) return { lagMs: 0, behind, oldest: undefined, completeUpTo: reading.readAt };
  const oldest = await firstAfter(reading, partitionId, last);
  // If the oldest event could not be read in time, the newest event's time gives a lower bound.
  const { enqueuedAt } = oldest ?? { enqueuedAt: lastEnqueuedOnUtc };
  const lagMs = Math.max(0, reading.now() - enqueuedAt.getTime());
  return { lagMs, behind, oldest, completeUpTo: oldest?.enqueuedAt.getTime() };
}

/** The times of the first event after a sequence number. */
async function firstAfter(
  { client, times }: Reading,
  partitionId: string,
  sequenceNumber: number,
): Promise<EventTimes | undefined> {
  const key = `${partitionId}/${sequenceNumber}`;
  const known = times.get(key);
  if (known !== undefined) return known;
  const event = await readAfter(client, partitionId, sequenceNumber);
  if (event === undefined) return undefined;
  const found = { timestamp: timestampOf(event), enqueuedAt: event.enqueuedTimeUtc };
  times.set(key, found);
  return found;
}

/** When the event was recorded; a body that is not an event counts as recorded when the hub received it. */
function timestampOf({ body, enqueuedTimeUtc }: ReceivedEventData): string {
  try {
    const { timestamp } = recorded.parse(JSON.parse(Buffer.from(body).toString()));
    return timestamp;
  } catch {
    return enqueuedTimeUtc.toISOString();
  }
}

const recorded = z.object({ timestamp: z.iso.datetime() });

/** Reads the first event after a sequence number. */
async function readAfter(
  client: EventHubConsumerClient,
  partitionId: string,
  sequenceNumber: number,
): Promise<ReceivedEventData | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedEventData | undefined>();
  const subscription = client.subscribe(
    partitionId,
    {
      processEvents: async ([event]) => resolve(event),
      processError: async (error) => reject(error),
    },
    {
      startPosition: { sequenceNumber, isInclusive: false },
      maxBatchSize: 1,
      maxWaitTimeInSeconds: READ_WAIT_SECONDS,
      skipParsingBodyAsJson: true,
    },
  );
  try {
    return await promise;
  } finally {
    await subscription.close();
  }
}
