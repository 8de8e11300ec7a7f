import { EventHubConsumerClient, parseEventHubConnectionString } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import type { EventHubBinding } from './event-hub-binding.ts';
import type { EventHubSettings } from './settings.ts';

/** The container of the real trigger's checkpoints and partition ownerships. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';
/** With the SDK's defaults each try to reach Event Hubs that are away takes a minute. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000, timeoutInMs: 3_000 };

/** The consumer of one function, with its checkpoints in blobs; the container is made when it is missing. */
export async function createConsumer(
  binding: EventHubBinding,
  settings: EventHubSettings,
): Promise<EventHubConsumerClient> {
  const container = BlobServiceClient.fromConnectionString(binding.storageConnectionString).getContainerClient(
    CHECKPOINT_CONTAINER,
  );
  await container.createIfNotExists();
  const store = new BlobCheckpointStore(container);
  const { consumerGroup, connectionString } = binding;
  const options = {
    loadBalancingOptions: {
      strategy: 'greedy' as const,
      updateIntervalInMs: settings.loadBalancingUpdateIntervalMs,
      partitionOwnershipExpirationIntervalInMs: settings.partitionOwnershipExpirationIntervalMs,
    },
    retryOptions: RETRY_OPTIONS,
  };
  // A hub in the connection string (EntityPath) goes before the binding's.
  const { eventHubName } = parseEventHubConnectionString(connectionString);
  if (eventHubName !== undefined) return new EventHubConsumerClient(consumerGroup, connectionString, store, options);
  return new EventHubConsumerClient(consumerGroup, connectionString, binding.eventHubName, store, options);
}
