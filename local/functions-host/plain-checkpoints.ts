import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import type { ContainerClient } from '@azure/storage-blob';
import { type PlainBlobs, plainBlobs } from './plain-blobs.ts';

/**
 * Wraps a store so that it claims a partition and updates a checkpoint with one plain request each. A request that fails is left to the
 * wrapped store, which retries. Returns the store itself when the container is not reached by HTTP with an account key.
 */
export function writePlainly(container: ContainerClient, store: CheckpointStore): CheckpointStore {
  const blobs = plainBlobs(container);
  if (blobs === undefined) return store;
  const update = checkpointWriter(blobs);
  return {
    listOwnership: (...list) => store.listOwnership(...list),
    listCheckpoints: (...list) => store.listCheckpoints(...list),
    claimOwnership: async (requests, options) => {
      const claims = requests.map(async (request) => {
        const claimed = await claim(blobs, request).catch(() => 'failed' as const);
        return claimed === 'failed' ? store.claimOwnership([request], options) : claimed;
      });
      return (await Promise.all(claims)).flat();
    },
    updateCheckpoint: async (checkpoint, options) => {
      const isUpdated = await update(checkpoint).catch(() => false);
      if (!isUpdated) await store.updateCheckpoint(checkpoint, options);
    },
  };
}

/** Returns no ownership when another process has claimed the partition. */
async function claim(
  blobs: PlainBlobs,
  request: PartitionOwnership,
): Promise<readonly PartitionOwnership[] | 'failed'> {
  const blob = { name: blobName(request, 'ownership'), metadata: { ownerid: request.ownerId } };
  const { status, etag, lastModified } = await (request.etag === undefined
    ? blobs.put({ ...blob, ifNoneMatch: '*' })
    : blobs.setMetadata({ ...blob, ifMatch: request.etag }));
  if (status === 409 || status === 412) return [];
  if ((status !== 200 && status !== 201) || etag === undefined || lastModified === undefined) return 'failed';
  // Without quotes, as listings have it
  return [{ ...request, etag: etag.replaceAll('"', ''), lastModifiedTimeInMs: Date.parse(lastModified) }];
}

/** Returns a function that writes a checkpoint, and resolves to whether it was written. */
function checkpointWriter(blobs: PlainBlobs): (checkpoint: Checkpoint) => Promise<boolean> {
  const written = new Set<string>();
  return async (checkpoint) => {
    const { offset, sequenceNumber } = checkpoint;
    const name = blobName(checkpoint, 'checkpoint');
    const blob = { name, metadata: { offset, sequencenumber: String(sequenceNumber) } };
    if (written.has(name)) return (await blobs.setMetadata(blob)).status === 200;
    const { status } = await blobs.put(blob); // there may be no such blob yet
    if (status === 201) written.add(name);
    return status === 201;
  };
}

/** As `BlobCheckpointStore` of `@azure/eventhubs-checkpointstore-blob` names it. */
function blobName(
  {
    fullyQualifiedNamespace,
    eventHubName,
    consumerGroup,
    partitionId,
  }: Pick<PartitionOwnership, 'fullyQualifiedNamespace' | 'eventHubName' | 'consumerGroup' | 'partitionId'>,
  type: 'ownership' | 'checkpoint',
): string {
  return `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/${type}/`.toLowerCase() + partitionId;
}
