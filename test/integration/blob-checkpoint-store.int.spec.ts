import type { Checkpoint, PartitionOwnership } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { blobCheckpointStore } from '../../local/functions-host/blob-checkpoint-store.ts';
import { openContainer } from '../../local/storage/blob-container.ts';
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

const claimOf = (ownerId: string, partitionId: string, etag?: string): PartitionOwnership => ({
  fullyQualifiedNamespace,
  eventHubName,
  consumerGroup,
  partitionId,
  ownerId,
  ...(etag !== undefined && { etag }),
});

/** The store, and the SDK's store on the same blobs. */
async function openStores() {
  const { connectionString } = await newStorageAccount();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('checkpoints');
  await container.create();
  const store = blobCheckpointStore(openContainer(connectionString, 'checkpoints'));
  return { container, sdk: new BlobCheckpointStore(container), store };
}

const byPartition = (one: { readonly partitionId: string }, other: { readonly partitionId: string }): number =>
  Number(one.partitionId) - Number(other.partitionId);

it('creates and updates checkpoints, also one that was deleted', async () => {
  const { container, sdk, store } = await openStores();
  for (const sequenceNumber of [1, 2, 3]) await store.updateCheckpoint(checkpointOf('0', sequenceNumber));
  await store.updateCheckpoint(checkpointOf('1', 4));
  for (const listing of [sdk, store]) {
    const stored = await listing.listCheckpoints(...HUB);
    expect(stored.toSorted(byPartition)).toEqual([checkpointOf('0', 3), checkpointOf('1', 4)]);
  }
  await container.deleteBlob('localhost/hub/$default/checkpoint/0');
  await store.updateCheckpoint(checkpointOf('0', 5));
  expect(await sdk.listCheckpoints(...HUB)).toContainEqual(checkpointOf('0', 5));
});

it('claims, renews and releases partitions that nobody else has claimed', async () => {
  const { container, sdk, store } = await openStores();
  const [first] = await store.claimOwnership([claimOf('one', '0')]);
  expect(await store.claimOwnership([claimOf('other', '0')])).toEqual([]);
  for (const listing of [sdk, store]) expect(await listing.listOwnership(...HUB)).toEqual([first]);
  const [renewed] = await store.claimOwnership([claimOf('one', '0', first?.etag)]);
  expect(await store.claimOwnership([claimOf('other', '0', first?.etag), claimOf('other', '1')])).toMatchObject([
    { partitionId: '1', ownerId: 'other' },
  ]);
  await store.claimOwnership([claimOf('', '0', renewed?.etag)]);
  for (const listing of [sdk, store]) {
    expect((await listing.listOwnership(...HUB)).toSorted(byPartition)).toMatchObject([
      { partitionId: '0', ownerId: '' },
      { partitionId: '1', ownerId: 'other' },
    ]);
  }
  await container.delete();
  await expect(store.claimOwnership([claimOf('one', '2')])).rejects.toThrow('404 ContainerNotFound');
});
