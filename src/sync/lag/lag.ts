import type { EventHubConsumerClient } from '@azure/event-hubs';
import type { Connection } from '../../shared/config.ts';
import {
  consumerName,
  LIVE_CONSUMER_GROUPS,
  type LiveConsumerGroup,
  ORDER_EVENTS_HUB,
} from '../../shared/event-hubs/hub.ts';
import { lastProcessed, openHubReader, type PartitionPosition, readPositions } from './hub-positions.ts';

/** How far one consumer of the hub, a read model or `push`, is behind in one partition. */
export interface PartitionLag {
  readonly readModel: string;
  readonly partition: string;
  /** Age (ms) of the oldest unprojected event; 0 when there is none. */
  readonly lagMs: number;
  /** Number of unprojected events. */
  readonly behind: number;
}

/** Maximum wait (s) for an event that the hub already holds. */
const READ_WAIT_SECONDS = 2;

/** Computes the lag of every read model and partition from the hub's newest events and the triggers' checkpoints. */
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

/** The lag of each read model in one partition. Sequential, because a client allows one subscription per partition at a time. */
async function partitionLags(
  client: EventHubConsumerClient,
  position: PartitionPosition,
): Promise<readonly PartitionLag[]> {
  const lags: PartitionLag[] = [];
  for (const group of LIVE_CONSUMER_GROUPS) {
    const lag = await lagOf(client, position, group);
    lags.push({ readModel: consumerName(group), partition: position.partition.partitionId, ...lag });
  }
  return lags;
}

async function lagOf(
  client: EventHubConsumerClient,
  position: PartitionPosition,
  group: LiveConsumerGroup,
): Promise<Pick<PartitionLag, 'lagMs' | 'behind'>> {
  const { partitionId, isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber, lastEnqueuedOnUtc } =
    position.partition;
  // Events after the checkpoint may have expired in the hub since.
  const last = Math.max(lastProcessed(position, group), beginningSequenceNumber - 1);
  const behind = isEmpty ? 0 : Math.max(0, lastEnqueuedSequenceNumber - last);
  if (behind === 0) return { lagMs: 0, behind };
  // If the oldest event could not be read in time, the newest event's time gives a lower bound.
  const oldest = (await enqueuedAfter(client, partitionId, last)) ?? lastEnqueuedOnUtc;
  return { lagMs: Math.max(0, Date.now() - oldest.getTime()), behind };
}

/** When the hub received the first event after a sequence number. */
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
