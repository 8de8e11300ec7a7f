import { type Checkpoint, EventHubConsumerClient, type PartitionProperties } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { Connection } from '../shared/config.ts';
import { appCredential } from '../shared/credential.ts';
import { CONSUMER_GROUPS, ORDER_EVENTS_HUB } from '../shared/events/hub.ts';

/** How far one read model is behind in one partition of the hub. */
export interface PartitionLag {
  readonly readModel: string;
  readonly partition: string;
  /** Age (ms) of the oldest event that is not in the read model; 0 when all are. */
  readonly lagMs: number;
  /** Events that are not in the read model. */
  readonly behind: number;
}

/** The container in which the Event Hubs trigger keeps its checkpoints. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';
/** Without these an unreachable hub would be waited for a minute at a time. */
const RETRY_OPTIONS = { maxRetries: 2, retryDelayInMs: 200, timeoutInMs: 5_000 };
/** Longest wait (s) for an event that is there to be read. */
const READ_WAIT_SECONDS = 2;

/** The lag of every read model and partition: from the hub's newest events and the trigger's checkpoints. */
export async function readLag(eventHub: Connection, storage: Connection): Promise<readonly PartitionLag[]> {
  const container = checkpointContainer(storage);
  const client = openClient(eventHub);
  try {
    // The trigger makes the container at its first start.
    const known = (await container.exists()) ? await listCheckpoints(container, client) : [];
    const partitionIds = await client.getPartitionIds();
    const lags = await Promise.all(partitionIds.map((id) => partitionLags(client, id, known)));
    return lags.flat();
  } finally {
    await client.close();
  }
}

async function listCheckpoints(
  container: ContainerClient,
  { fullyQualifiedNamespace, eventHubName }: EventHubConsumerClient,
): Promise<readonly Checkpoint[]> {
  const store = new BlobCheckpointStore(container);
  const lists = CONSUMER_GROUPS.map((group) => store.listCheckpoints(fullyQualifiedNamespace, eventHubName, group));
  return (await Promise.all(lists)).flat();
}

/** The lag of each read model in one partition, one after the other: a client reads a partition once at a time. */
async function partitionLags(
  client: EventHubConsumerClient,
  partitionId: string,
  checkpoints: readonly Checkpoint[],
): Promise<readonly PartitionLag[]> {
  const partition = await client.getPartitionProperties(partitionId);
  const lags: PartitionLag[] = [];
  for (const group of CONSUMER_GROUPS) {
    const checkpoint = checkpoints.find((known) => known.consumerGroup === group && known.partitionId === partitionId);
    const lag = await lagOf(client, partition, checkpoint);
    lags.push({ readModel: group.replaceAll('-', '_'), partition: partitionId, ...lag });
  }
  return lags;
}

async function lagOf(
  client: EventHubConsumerClient,
  { partitionId, isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber, lastEnqueuedOnUtc }: PartitionProperties,
  checkpoint: Checkpoint | undefined,
): Promise<Pick<PartitionLag, 'lagMs' | 'behind'>> {
  // Events behind the checkpoint may have left the hub since.
  const seen = Math.max(checkpoint?.sequenceNumber ?? -1, beginningSequenceNumber - 1);
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

/** In the consumer group of nobody: in those of the read models the triggers let no second reader in. */
function openClient(connection: Connection): EventHubConsumerClient {
  const group = EventHubConsumerClient.defaultConsumerGroupName;
  const options = { retryOptions: RETRY_OPTIONS };
  if (connection.kind === 'connectionString') {
    return new EventHubConsumerClient(group, connection.connectionString, ORDER_EVENTS_HUB, options);
  }
  const credential = appCredential(connection.clientId);
  return new EventHubConsumerClient(group, connection.endpoint, ORDER_EVENTS_HUB, credential, options);
}

function checkpointContainer(connection: Connection): ContainerClient {
  const service =
    connection.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(connection.connectionString)
      : new BlobServiceClient(connection.endpoint, appCredential(connection.clientId));
  return service.getContainerClient(CHECKPOINT_CONTAINER);
}
