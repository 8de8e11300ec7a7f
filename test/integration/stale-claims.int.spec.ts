import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { expect, it } from 'vitest';
import { dropCheckpoints, dropStaleClaims } from '../../local/stale-claims.ts';
import { newStorageAccount } from '../support/system/storage-account.ts';

it('gives the locks and partitions of hosts that were killed to the next host, and keeps checkpoints and released partitions', async () => {
  const { connectionString } = await newStorageAccount();
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const locks = await filled(service.getContainerClient('azure-webjobs-hosts'), ['locks/relayOutbox']);
  const partitions = await filled(service.getContainerClient('azure-webjobs-eventhub'), [
    'localhost/order-events/order-details/checkpoint/0',
    'localhost/order-events/order-details/ownership/0',
  ]);
  await partitions.getBlockBlobClient('localhost/order-events/order-details/ownership/1').upload('', 0, {
    metadata: { ownerid: '' },
  });
  const lock = locks.getBlobClient('locks/relayOutbox').getBlobLeaseClient();
  await lock.acquireLease(60);

  await dropStaleClaims(connectionString);

  await expect(locks.getBlobClient('locks/relayOutbox').getBlobLeaseClient().acquireLease(15)).resolves.toBeDefined();
  expect(await namesIn(partitions)).toEqual([
    'localhost/order-events/order-details/checkpoint/0',
    'localhost/order-events/order-details/ownership/1',
  ]);
});

it('drops the checkpoints of a hub that is gone, and nothing else', async () => {
  const { connectionString } = await newStorageAccount();
  const service = BlobServiceClient.fromConnectionString(connectionString);
  const partitions = await filled(service.getContainerClient('azure-webjobs-eventhub'), [
    'localhost/order-events/order-details/checkpoint/0',
    'localhost/order-events/order-details/ownership/0',
  ]);

  await dropCheckpoints(connectionString);

  expect(await namesIn(partitions)).toEqual(['localhost/order-events/order-details/ownership/0']);
});

it('does nothing in a Storage account that no host has used', async () => {
  const { connectionString } = await newStorageAccount();
  await expect(dropStaleClaims(connectionString)).resolves.toBeUndefined();
});

async function filled(container: ContainerClient, names: readonly string[]): Promise<ContainerClient> {
  await container.create();
  for (const name of names) await container.getBlockBlobClient(name).upload('', 0);
  return container;
}

async function namesIn(container: ContainerClient): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of container.listBlobsFlat()) names.push(name);
  return names;
}
