import { type BlobItem, BlobServiceClient, type ContainerClient } from '@azure/storage-blob';

/** Containers of the Functions host: https://learn.microsoft.com/azure/azure-functions/storage-considerations */
const PARTITION_OWNERS = { container: 'azure-webjobs-eventhub', folder: '/ownership/' };
const CHECKPOINTS = { container: 'azure-webjobs-eventhub', folder: '/checkpoint/' };
const LOCKS = { container: 'azure-webjobs-hosts', folder: 'locks/' };

/**
 * Releases the partitions and timers of functions hosts that were killed. Otherwise a new host waits until the claims expire (60 and
 * 15 s). Call it only when no host is running: the Azure Functions host shuts down when the lease of a timer is broken.
 */
export async function dropStaleClaims(storageConnectionString: string): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(storageConnectionString);
  await Promise.all([
    forEachBlob(service, PARTITION_OWNERS, async (container, { name, metadata }) => {
      const isReleased = metadata?.ownerid === ''; // as the SDK marks it
      if (!isReleased) await container.deleteBlob(name);
    }),
    forEachBlob(service, LOCKS, async (container, { name, properties }) => {
      const isFree = properties.leaseState === 'available';
      if (!isFree) await container.getBlobClient(name).getBlobLeaseClient().breakLease(0);
    }),
  ]);
}

/**
 * Deletes the checkpoints of hubs that are gone. They are lower than the numbers of a new hub, so that no event is skipped, but a replay
 * would take what lies between for events that expired.
 */
export async function dropCheckpoints(storageConnectionString: string): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(storageConnectionString);
  await forEachBlob(service, CHECKPOINTS, (container, { name }) => container.deleteBlob(name));
}

async function forEachBlob(
  service: BlobServiceClient,
  { container: containerName, folder }: typeof LOCKS,
  release: (container: ContainerClient, blob: BlobItem) => Promise<unknown>,
): Promise<void> {
  const container = service.getContainerClient(containerName);
  if (!(await container.exists())) return;
  const releases: Promise<unknown>[] = [];
  for await (const blob of container.listBlobsFlat({ includeMetadata: true })) {
    // Fails where there is no claim, or a host has just claimed it again.
    if (blob.name.includes(folder)) releases.push(release(container, blob).catch(() => undefined));
  }
  await Promise.all(releases);
}
