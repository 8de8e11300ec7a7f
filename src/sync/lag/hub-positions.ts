import { EventHubConsumerClient, type PartitionProperties } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { Connection } from '../../shared/config.ts';
import { appCredential } from '../../shared/credential.ts';
import { CONSUMER_GROUPS, type ConsumerGroup } from '../../shared/event-hubs/hub.ts';

/** What one partition of a hub holds, and how far the triggers have come in it. */
export interface PartitionPosition {
  readonly partition: PartitionProperties;
  /** Sequence number of the last event of each consumer group's checkpoint; a group without one has taken in nothing yet. */
  readonly checkpoints: ReadonlyMap<ConsumerGroup, number>;
}

/** The container in which the Event Hubs trigger keeps its checkpoints. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';
/** Without these an unreachable hub would be waited for a minute at a time. */
const RETRY_OPTIONS = { maxRetries: 2, retryDelayInMs: 200, timeoutInMs: 5_000 };

/** Where each partition of a hub stands: its newest events, and the checkpoints of the triggers. */
export async function readPositions(
  client: EventHubConsumerClient,
  storage: Connection,
): Promise<readonly PartitionPosition[]> {
  const [checkpoints, partitionIds] = await Promise.all([
    listCheckpoints(checkpointContainer(storage), client),
    client.getPartitionIds(),
  ]);
  return Promise.all(
    partitionIds.map(async (partitionId) => ({
      partition: await client.getPartitionProperties(partitionId),
      checkpoints: checkpoints.get(partitionId) ?? new Map(),
    })),
  );
}

/**
 * Sequence number of the last event that a group has behind it in a partition. Where there is no checkpoint it begins with the
 * oldest event that the hub still has.
 */
export function lastSeen({ partition, checkpoints }: PartitionPosition, group: ConsumerGroup): number {
  return checkpoints.get(group) ?? partition.beginningSequenceNumber - 1;
}

/** By partition, then by group. */
async function listCheckpoints(
  container: ContainerClient,
  { fullyQualifiedNamespace, eventHubName }: EventHubConsumerClient,
): Promise<ReadonlyMap<string, Map<ConsumerGroup, number>>> {
  const found = new Map<string, Map<ConsumerGroup, number>>();
  // The trigger makes the container at its first start.
  if (!(await container.exists())) return found;
  const store = new BlobCheckpointStore(container);
  await Promise.all(
    CONSUMER_GROUPS.map(async (group) => {
      for (const checkpoint of await store.listCheckpoints(fullyQualifiedNamespace, eventHubName, group)) {
        const ofPartition = found.get(checkpoint.partitionId) ?? new Map<ConsumerGroup, number>();
        found.set(checkpoint.partitionId, ofPartition.set(group, checkpoint.sequenceNumber));
      }
    }),
  );
  return found;
}

/** A reader in the consumer group of nobody: in those of the read models the triggers let no second reader in. */
export function openHubReader(connection: Connection, hubName: string): EventHubConsumerClient {
  const group = EventHubConsumerClient.defaultConsumerGroupName;
  const options = { retryOptions: RETRY_OPTIONS };
  if (connection.kind === 'connectionString') {
    return new EventHubConsumerClient(group, connection.connectionString, hubName, options);
  }
  return new EventHubConsumerClient(group, connection.endpoint, hubName, appCredential(connection.clientId), options);
}

function checkpointContainer(connection: Connection): ContainerClient {
  const service =
    connection.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(connection.connectionString)
      : new BlobServiceClient(connection.endpoint, appCredential(connection.clientId));
  return service.getContainerClient(CHECKPOINT_CONTAINER);
}
