import type { Checkpoint, CheckpointStore, PartitionOwnership } from '@azure/event-hubs';
import { type BlobContainer, isConflict } from '../storage/blob-container.ts';
import { StorageError } from '../storage/signed-request.ts';

/** The container in which the real trigger stores checkpoints and partition ownership. */
export const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';

/**
 * Keeps checkpoints and partition ownership in the same blobs as `BlobCheckpointStore` of `@azure/eventhubs-checkpointstore-blob`, without
 * the Storage SDK, and with one request for a claim or a checkpoint.
 */
export function blobCheckpointStore(container: BlobContainer): CheckpointStore {
  return {
    listOwnership: async (...names) => {
      const blobs = await list(container, 'ownership', consumerOf(names));
      return blobs.map(({ partition, etag, lastModified, metadata: { ownerid: ownerId = '' } }) => {
        return { ...partition, ownerId, etag, lastModifiedTimeInMs: lastModified.getTime() };
      });
    },
    listCheckpoints: async (...names) => {
      const blobs = await list(container, 'checkpoint', consumerOf(names));
      return blobs.map(({ partition, name, metadata: { offset, sequencenumber } }) => {
        if (offset === undefined || sequencenumber === undefined) throw new Error(`${name} is not a checkpoint.`);
        return { ...partition, offset, sequenceNumber: Number(sequencenumber) };
      });
    },
    claimOwnership: async (requests) => {
      const claims = await Promise.all(requests.map((request) => claim(container, request)));
      return claims.flat();
    },
    updateCheckpoint: checkpointWriter(container),
  };
}

type Consumer = Pick<PartitionOwnership, 'fullyQualifiedNamespace' | 'eventHubName' | 'consumerGroup'>;
type BlobType = 'ownership' | 'checkpoint';

const consumerOf = ([fullyQualifiedNamespace, eventHubName, consumerGroup]: Parameters<
  CheckpointStore['listOwnership']
>): Consumer => ({ fullyQualifiedNamespace, eventHubName, consumerGroup });

/** The blobs of a consumer group, each with its partition. */
async function list(container: BlobContainer, type: BlobType, consumer: Consumer) {
  const folder = folderOf(consumer, type);
  const blobs = await container.list(folder);
  return blobs.map((blob) => ({ ...blob, partition: { ...consumer, partitionId: blob.name.slice(folder.length) } }));
}

/** Returns no ownership when another process has claimed the partition. */
async function claim(container: BlobContainer, request: PartitionOwnership): Promise<readonly PartitionOwnership[]> {
  const blob = { name: blobName(request, 'ownership'), metadata: { ownerid: request.ownerId } };
  const answer = await (request.etag === undefined
    ? container.put({ ...blob, ifNoneMatch: '*' })
    : container.setMetadata({ ...blob, ifMatch: request.etag }));
  if (isConflict(answer)) return [];
  const { etag = '', 'last-modified': lastModified = '' } = answer.headers;
  // Without quotes, as listings have it
  return [{ ...request, etag: etag.replaceAll('"', ''), lastModifiedTimeInMs: Date.parse(lastModified) }];
}

/** Creates the blob with the first checkpoint of a partition, and when it was deleted. */
function checkpointWriter(container: BlobContainer): (checkpoint: Checkpoint) => Promise<void> {
  const written = new Set<string>();
  return async (checkpoint) => {
    const { offset, sequenceNumber } = checkpoint;
    const name = blobName(checkpoint, 'checkpoint');
    const blob = { name, metadata: { offset, sequencenumber: String(sequenceNumber) } };
    if (written.has(name) && (await container.setMetadata(blob).catch(ifMissing)) !== undefined) return;
    await container.put(blob);
    written.add(name);
  };
}

function ifMissing(error: unknown): undefined {
  if (!(error instanceof StorageError && error.status === 404)) throw error;
}

const folderOf = ({ fullyQualifiedNamespace, eventHubName, consumerGroup }: Consumer, type: BlobType): string =>
  `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/${type}/`.toLowerCase();

/** The name of a partition's blob. */
export const blobName = (partition: Consumer & { readonly partitionId: string }, type: BlobType): string =>
  folderOf(partition, type) + partition.partitionId;
