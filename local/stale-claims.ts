import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';

/** Containers of the Functions host: https://learn.microsoft.com/azure/azure-functions/storage-considerations */
const PARTITION_OWNERS = { container: 'azure-webjobs-eventhub', folder: '/ownership/' };
const LOCKS = { container: 'azure-webjobs-hosts', folder: 'locks/' };

/**
 * Takes partitions and timers from the functions hosts of an earlier run, which a kill has kept from giving them back; a new
 * host would wait until their claims are over. A host that still runs claims them again.
 */
export async function dropStaleClaims(storageConnectionString: string): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(storageConnectionString);
  await Promise.all([
    forEachBlob(service, PARTITION_OWNERS, (container, name) => container.deleteBlob(name)),
    forEachBlob(service, LOCKS, (container, name) => container.getBlobClient(name).getBlobLeaseClient().breakLease(0)),
  ]);
}

async function forEachBlob(
  service: BlobServiceClient,
  { container: containerName, folder }: typeof LOCKS,
  release: (container: ContainerClient, name: string) => Promise<unknown>,
): Promise<void> {
  const container = service.getContainerClient(containerName);
  if (!(await container.exists())) return;
  const releases: Promise<unknown>[] = [];
  for await (const { name } of container.listBlobsFlat()) {
    // What fails has no claim, or has been claimed again.
    if (name.includes(folder)) releases.push(release(container, name).catch(() => undefined));
  }
  await Promise.all(releases);
}
