import { CHECKPOINT_CONTAINER } from './functions-host/blob-checkpoint-store.ts';
import { LOCK_CONTAINER } from './functions-host/singleton-lock.ts';
import { type BlobContainer, openContainer } from './storage/blob-container.ts';
import type { BlobItem } from './storage/blob-list.ts';

/** Containers of the Functions host: https://learn.microsoft.com/azure/azure-functions/storage-considerations */
const PARTITION_OWNERS = { container: CHECKPOINT_CONTAINER, folder: '/ownership/' };
const CHECKPOINTS = { container: CHECKPOINT_CONTAINER, folder: '/checkpoint/' };
const LOCKS = { container: LOCK_CONTAINER, folder: 'locks/' };

/**
 * Releases the partitions and timers of functions hosts that were killed. Otherwise a new host waits until the claims expire (60 and
 * 15 s). Call it only when no host is running: the Azure Functions host shuts down when the lease of a timer is broken.
 */
export async function dropStaleClaims(storageConnectionString: string): Promise<void> {
  await Promise.all([
    forEachBlob(storageConnectionString, PARTITION_OWNERS, async (container, { name, metadata }) => {
      const isReleased = metadata.ownerid === ''; // as the SDK marks it
      if (!isReleased) await container.delete(name);
    }),
    forEachBlob(storageConnectionString, LOCKS, async (container, { name, leaseState }) => {
      const isFree = leaseState === 'available';
      if (!isFree) await container.breakLease(name);
    }),
  ]);
}

/**
 * Deletes the checkpoints of hubs that are gone. They are lower than the numbers of a new hub, so that no event is skipped, but a replay
 * would take what lies between for events that expired.
 */
export async function dropCheckpoints(storageConnectionString: string): Promise<void> {
  await forEachBlob(storageConnectionString, CHECKPOINTS, (container, { name }) => container.delete(name));
}

async function forEachBlob(
  storageConnectionString: string,
  { container: containerName, folder }: typeof LOCKS,
  release: (container: BlobContainer, blob: BlobItem) => Promise<unknown>,
): Promise<void> {
  const container = openContainer(storageConnectionString, containerName);
  const blobs = (await container.list()).filter(({ name }) => name.includes(folder));
  // Fails where a host has just claimed it again.
  await Promise.all(blobs.map((blob) => release(container, blob).catch(() => undefined)));
}
