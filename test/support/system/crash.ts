import { BlobServiceClient } from '@azure/storage-blob';
import type { TestSystem } from './system.ts';

const LOCKS_CONTAINER = 'azure-webjobs-hosts';

/** Kills the host (SIGKILL), then ends the leases of its timers, which would end by themselves 15 s later. */
export async function crashHost({ host, azure }: TestSystem): Promise<void> {
  await host.kill();
  const storage = BlobServiceClient.fromConnectionString(azure.storage.connectionString);
  const container = storage.getContainerClient(LOCKS_CONTAINER);
  for await (const { name, properties } of container.listBlobsFlat()) {
    if (properties.leaseState === 'leased') await container.getBlobClient(name).getBlobLeaseClient().breakLease(0);
  }
}
