import type { EventHubConsumerClient } from '@azure/event-hubs';
import { openContainer } from '../storage/blob-container.ts';
import * as sdks from './azure-sdks.ts';
import { blobCheckpointStore, CHECKPOINT_CONTAINER } from './blob-checkpoint-store.ts';
import { listCheckpointsOncePerPass } from './checkpoints-of-a-pass.ts';
import { createContainer } from './create-container.ts';
import type { EventHubBinding } from './event-hub-binding.ts';
import { renewOwnershipAfter } from './ownership-renewal.ts';
import type { EventHubSettings } from './settings.ts';

/** With the SDK's defaults, each attempt to reach Event Hubs takes a minute while it is unavailable. */
const RETRY_OPTIONS = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 1_000, timeoutInMs: 3_000 };

/** Creates the consumer of one function, with checkpoints in Blob Storage. Creates the container if it does not exist, unless `signal` aborts. */
export async function createConsumer(
  binding: EventHubBinding,
  settings: EventHubSettings,
  signal: AbortSignal,
): Promise<EventHubConsumerClient> {
  const container = openContainer(binding.storageConnectionString, CHECKPOINT_CONTAINER);
  await createContainer(container, signal);
  const renewAfterMs = settings.partitionOwnershipExpirationIntervalMs / 2;
  const blobs = blobCheckpointStore(container);
  const store = listCheckpointsOncePerPass(renewOwnershipAfter(renewAfterMs, blobs));
  const { consumerGroup, connectionString } = binding;
  const options = {
    loadBalancingOptions: {
      strategy: 'greedy' as const,
      updateIntervalInMs: settings.loadBalancingUpdateIntervalMs,
      partitionOwnershipExpirationIntervalInMs: settings.partitionOwnershipExpirationIntervalMs,
    },
    retryOptions: RETRY_OPTIONS,
  };
  // A hub in the connection string (EntityPath) takes precedence over the binding's.
  const { eventHubName } = sdks.parseEventHubConnectionString(connectionString);
  if (eventHubName !== undefined)
    return new sdks.EventHubConsumerClient(consumerGroup, connectionString, store, options);
  return new sdks.EventHubConsumerClient(consumerGroup, connectionString, binding.eventHubName, store, options);
}
