import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { Connection } from '../../shared/config.ts';
import {
  CONSUMER_GROUPS,
  type ConsumerGroup,
  ORDER_EVENTS_HUB,
  readModelOfGroup,
} from '../../shared/event-hubs/hub.ts';
import { lastSeen, openHubReader, type PartitionPosition, readPositions } from './hub-positions.ts';

/** How far one read model is behind in one partition of the hub. */
export interface PartitionLag {
  readonly readModel: string;
  readonly partition: string;
  /** Age (ms) of the oldest event that is not in the read model; 0 when all are. */
  readonly lagMs: number;
  /** Events that are not in the read model. */
  readonly behind: number;
}

/** Longest wait (s) for an event that is there to be read. */
const READ_WAIT_SECONDS = 2;

/** The lag of every read model and partition: from the hub's newest events and the trigger's checkpoints. */
export async function readLag(eventHub: Connection, storage: Connection): Promise<readonly PartitionLag[]> {
  const client = openHubReader(eventHub, ORDER_EVENTS_HUB);
  try {
    const positions = await readPositions(client, storage);
    const lags = await Promise.all(positions.map((position) => partitionLags(client, position)));
    return lags.flat();
  } finally {
    await client.close();
  }
}

/** The lag of each read model in one partition, one after the other: a client reads a partition once at a time. */
async function partitionLags(
  client: EventHubConsumerClient,
  position: PartitionPosition,
): Promise<readonly PartitionLag[]> {
  const lags: PartitionLag[] = [];
  for (const group of CONSUMER_GROUPS) {
    const lag = await lagOf(client, position, group);
    lags.push({ readModel: readModelOfGroup(group), partition: position.partition.partitionId, ...lag });
  }
  return lags;
}

async function lagOf(
  client: EventHubConsumerClient,
  position: PartitionPosition,
  group: ConsumerGroup,
): Promise<Pick<PartitionLag, 'lagMs' | 'behind'>> {
  const { partitionId, isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber, lastEnqueuedOnUtc } =
    position.partition;
  // Events behind the checkpoint may have left the hub since.
  const seen = Math.max(lastSeen(position, group), beginningSequenceNumber - 1);
  const behind = isEmpty ? 0 : Math.max(0, lastEnqueuedSequenceNumber - seen);
  if (behind === 0) return { lagMs: 0, behind };
  // The newest event's time is a lower bound where the oldest one could not be read in time.
  const oldest = (await enqueuedAfter(client, partitionId, seen)) ?? lastEnqueuedOnUtc;
  return { lagMs: Math.max(0, Date.now() - oldest.getTime()), behind };
}

/** When the first event behind a sequence number came to the hub. */
async function enqueuedAfter(
  client: EventHubConsumerClient,
  partitionId: string,
  sequenceNumber: number,
): Promise<Date | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Date | undefined>();
  const subscription = client.subscribe(
    partitionId,
    {
      processEvents: async ([event]) => resolve(event?.enqueuedTimeUtc),
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
