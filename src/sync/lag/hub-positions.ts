import { EventHubConsumerClient, type PartitionProperties } from '@azure/event-hubs';
import type { Connection } from '../../shared/config/connection.ts';
import { appCredential } from '../../shared/credential.ts';
import { applyAmqpWorkarounds } from '../../shared/event-hubs/amqp-workarounds.ts';
import { LIVE_CONSUMER_GROUPS, type LiveConsumerGroup } from '../../shared/event-hubs/hub.ts';
import { type Checkpoint, checkpointContainer, listCheckpoints } from './checkpoints.ts';
import type { PartitionPosition } from './partition-position.ts';

/** Storage reports modification times in whole seconds, rounded down. */
const STORAGE_CLOCK_MS = 1_000;
/** The SDK's defaults would wait a minute per attempt for an unreachable hub. */
const RETRY_OPTIONS = { maxRetries: 2, retryDelayInMs: 200, timeoutInMs: 5_000 };

/** Reads the newest event and the triggers' checkpoints of each partition of a hub. */
export async function readPositions(
  client: EventHubConsumerClient,
  storage: Connection,
): Promise<readonly PartitionPosition[]> {
  const [checkpoints, { partitionIds, createdOn }] = await Promise.all([
    listCheckpoints(checkpointContainer(storage), client),
    client.getEventHubProperties(),
  ]);
  return Promise.all(
    partitionIds.map(async (partitionId) => {
      const partition = await client.getPartitionProperties(partitionId);
      const own = checkpoints.filter((checkpoint) => checkpoint.partitionId === partitionId);
      const strays = new Set(own.filter((checkpoint) => isStray(checkpoint, partition, createdOn)));
      return {
        partition,
        checkpoints: byGroup(own.filter((checkpoint) => !strays.has(checkpoint))),
        strayCheckpoints: byGroup([...strays]),
        hubCreatedOn: createdOn,
      };
    }),
  );
}

/**
 * Whether a checkpoint was written for another hub of the same name, which was deleted since: it is beyond the end of the partition, or
 * older than the hub. A number before the first event is harmless, because the trigger then starts at the first event.
 */
export function isStray(
  { sequenceNumber, modifiedAt }: Pick<Checkpoint, 'sequenceNumber' | 'modifiedAt'>,
  {
    beginningSequenceNumber,
    lastEnqueuedSequenceNumber,
  }: Pick<PartitionProperties, 'beginningSequenceNumber' | 'lastEnqueuedSequenceNumber'>,
  hubCreatedOn: Date,
): boolean {
  const isBeyondEnd = sequenceNumber > lastEnqueuedSequenceNumber;
  const isOlder = modifiedAt.getTime() + STORAGE_CLOCK_MS <= hubCreatedOn.getTime();
  return isBeyondEnd || (isOlder && sequenceNumber >= beginningSequenceNumber);
}

function byGroup(checkpoints: readonly Checkpoint[]): ReadonlyMap<LiveConsumerGroup, number> {
  return new Map(
    checkpoints.flatMap(({ consumerGroup, sequenceNumber }) =>
      LIVE_CONSUMER_GROUPS.filter((group) => group === consumerGroup).map((group) => [group, sequenceNumber] as const),
    ),
  );
}

/** Opens a reader in the default consumer group: in those of the read models, the triggers would disconnect a second reader. */
export function openHubReader(connection: Connection, hubName: string): EventHubConsumerClient {
  applyAmqpWorkarounds();
  const group = EventHubConsumerClient.defaultConsumerGroupName;
  const options = { retryOptions: RETRY_OPTIONS };
  if (connection.kind === 'connectionString') {
    return new EventHubConsumerClient(group, connection.connectionString, hubName, options);
  }
  return new EventHubConsumerClient(group, connection.endpoint, hubName, appCredential(connection.clientId), options);
}
