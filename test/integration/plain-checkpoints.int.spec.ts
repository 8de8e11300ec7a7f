import type { Checkpoint, CheckpointStore } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { updateCheckpointsPlainly } from '../../local/functions-host/plain-checkpoints.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';

const HUB = ['localhost', 'Hub', '$Default'] as const;
const [fullyQualifiedNamespace, eventHubName, consumerGroup] = HUB;

const checkpointOf = (partitionId: string, sequenceNumber: number): Checkpoint => ({
  fullyQualifiedNamespace,
  eventHubName,
  consumerGroup,
  partitionId,
  offset: `offset-${sequenceNumber}`,
  sequenceNumber,
});

/** The SDK's store and the wrapped one. `left` has the checkpoints that the wrapper leaves to the SDK's store. */
async function openStores() {
  const { connectionString } = await newStorageAccount();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('checkpoints');
  await container.create();
  const sdk = new BlobCheckpointStore(container);
  const left: number[] = [];
  const counted: CheckpointStore = {
    listOwnership: (...list) => sdk.listOwnership(...list),
    claimOwnership: (...claim) => sdk.claimOwnership(...claim),
    listCheckpoints: (...list) => sdk.listCheckpoints(...list),
    updateCheckpoint: async (checkpoint, options) => {
      left.push(checkpoint.sequenceNumber);
      await sdk.updateCheckpoint(checkpoint, options);
    },
  };
  return { sdk, left, plain: updateCheckpointsPlainly(container, counted) };
}

it('leaves the first checkpoint of a partition to the store, and updates it from then on', async () => {
  const { sdk, left, plain } = await openStores();
  for (const sequenceNumber of [1, 2, 3]) await plain.updateCheckpoint(checkpointOf('0', sequenceNumber));
  await plain.updateCheckpoint(checkpointOf('1', 4));
  expect(left).toEqual([1, 4]);
  const stored = await sdk.listCheckpoints(...HUB);
  expect(stored.toSorted((one, other) => one.sequenceNumber - other.sequenceNumber)).toEqual([
    checkpointOf('0', 3),
    checkpointOf('1', 4),
  ]);
});
