import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { BlobCheckpointStore } from '@azure/eventhubs-checkpointstore-blob';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { writePlainly } from '../../local/functions-host/plain-checkpoints.ts';
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

/** The SDK's store and the wrapped one. `left` has the partitions of the writes that the wrapper leaves to the SDK's store. */
async function openStores() {
  const { connectionString } = await newStorageAccount();
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient('checkpoints');
  await container.create();
  const sdk = new BlobCheckpointStore(container);
  const left: string[] = [];
  const counted: CheckpointStore = {
    listOwnership: (...list) => sdk.listOwnership(...list),
    claimOwnership: (requests, options) => {
      left.push(...requests.map(({ partitionId }) => partitionId));
      return sdk.claimOwnership(requests, options);
    },
    listCheckpoints: (...list) => sdk.listCheckpoints(...list),
    updateCheckpoint: async (checkpoint, options) => {
      left.push(checkpoint.partitionId);
      await sdk.updateCheckpoint(checkpoint, options);
    },
  };
  return { container, sdk, left, plain: writePlainly(container, counted) };
}

it('creates and updates checkpoints, and leaves one that was deleted to the wrapped store', async () => {
  const { container, sdk, left, plain } = await openStores();
  for (const sequenceNumber of [1, 2, 3]) await plain.updateCheckpoint(checkpointOf('0', sequenceNumber));
  await plain.updateCheckpoint(checkpointOf('1', 4));
  expect(left).toEqual([]);
  const stored = await sdk.listCheckpoints(...HUB);
  expect(stored.toSorted((one, other) => one.sequenceNumber - other.sequenceNumber)).toEqual([
    checkpointOf('0', 3),
    checkpointOf('1', 4),
  ]);
  await container.deleteBlob('localhost/hub/$default/checkpoint/0');
  await plain.updateCheckpoint(checkpointOf('0', 5));
  expect(left).toEqual(['0']);
  expect(await sdk.listCheckpoints(...HUB)).toContainEqual(checkpointOf('0', 5));
});

it('claims, renews and releases partitions that nobody else has claimed', async () => {
  const { container, sdk, left, plain } = await openStores();
  const [first] = await plain.claimOwnership([claimOf('one', '0')]);
  expect(await plain.claimOwnership([claimOf('other', '0')])).toEqual([]);
  expect(await sdk.listOwnership(...HUB)).toEqual([first]);
  const [renewed] = await plain.claimOwnership([claimOf('one', '0', first?.etag)]);
  expect(await plain.claimOwnership([claimOf('other', '0', first?.etag), claimOf('other', '1')])).toMatchObject([
    { partitionId: '1', ownerId: 'other' },
  ]);
  await plain.claimOwnership([claimOf('', '0', renewed?.etag)]);
  expect(await sdk.listOwnership(...HUB)).toMatchObject([
    { partitionId: '0', ownerId: '' },
    { partitionId: '1', ownerId: 'other' },
  ]);
  expect(left).toEqual([]);
  await container.delete();
  await expect(plain.claimOwnership([claimOf('one', '2')])).rejects.toThrow('The specified container does not exist');
  expect(left).toEqual(['2']);
});
