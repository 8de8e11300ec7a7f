import { EventHubConsumerClient } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { Connection } from '../../shared/config/connection.ts';
import { appCredential } from '../../shared/credential.ts';
import { allowAddressOfDroppedLinks } from '../../shared/event-hubs/address-of-dropped-links.ts';
import { LIVE_CONSUMER_GROUPS, type LiveConsumerGroup } from '../../shared/event-hubs/hub.ts';
import type { PartitionPosition } from './partition-position.ts';

/** The container in which the Event Hubs trigger keeps its checkpoints. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';
/** The SDK's defaults would wait a minute per attempt for an unreachable hub. */
const RETRY_OPTIONS = { maxRetries: 2, retryDelayInMs: 200, timeoutInMs: 5_000 };

/** Reads the newest event and the triggers' checkpoints of each partition of a hub. */
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

/** By partition, then by group. */
async function listCheckpoints(
  container: ContainerClient,
  { fullyQualifiedNamespace, eventHubName }: EventHubConsumerClient,
): Promise<ReadonlyMap<string, Map<LiveConsumerGroup, number>>> {
  const found = new Map<string, Map<LiveConsumerGroup, number>>();
  // The trigger creates the container when it first starts.
  if (!(await container.exists())) return found;
  const store = new BlobCheckpointStore(container);
  await Promise.all(
    LIVE_CONSUMER_GROUPS.map(async (group) => {
      for (const checkpoint of await store.listCheckpoints(fullyQualifiedNamespace, eventHubName, group)) {
        const ofPartition = found.get(checkpoint.partitionId) ?? new Map<LiveConsumerGroup, number>();
        found.set(checkpoint.partitionId, ofPartition.set(group, checkpoint.sequenceNumber));
      }
    }),
  );
  return found;
}

/** Opens a reader in the default consumer group: in those of the read models, the triggers would disconnect a second reader. */
export function openHubReader(connection: Connection, hubName: string): EventHubConsumerClient {
  allowAddressOfDroppedLinks();
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
