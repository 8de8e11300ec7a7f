import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import type { Connection } from '../../shared/config/connection.ts';
import { appCredential } from '../../shared/credential.ts';

/** The container in which the Event Hubs trigger keeps its checkpoints. */
const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';

/** A hub by its address. */
export interface HubAddress {
  readonly fullyQualifiedNamespace: string;
  readonly eventHubName: string;
}

/** Where a consumer group resumes in a partition. */
export interface Checkpoint {
  readonly consumerGroup: string;
  readonly partitionId: string;
  /** Of the last event that was processed. */
  readonly sequenceNumber: number;
  readonly modifiedAt: Date;
  readonly blobName: string;
}

/** Opens the container of the checkpoints. */
export function checkpointContainer(connection: Connection): ContainerClient {
  const service =
    connection.kind === 'connectionString'
      ? BlobServiceClient.fromConnectionString(connection.connectionString)
      : new BlobServiceClient(connection.endpoint, appCredential(connection.clientId));
  return service.getContainerClient(CHECKPOINT_CONTAINER);
}

/**
 * Lists the checkpoints of a hub. Each is a blob `<namespace>/<hub>/<consumer group>/checkpoint/<partition>`, in lower case, whose
 * metadata has the sequence number (source: `BlobCheckpointStore` of `@azure/eventhubs-checkpointstore-blob`).
 */
export async function listCheckpoints(container: ContainerClient, hub: HubAddress): Promise<readonly Checkpoint[]> {
  // The trigger creates the container when it first starts.
  if (!(await container.exists())) return [];
  const found: Checkpoint[] = [];
  for await (const { blob, consumerGroup, kind, partitionId } of blobsOf(container, hub)) {
    const sequenceNumber = Number(blob.metadata?.sequencenumber ?? Number.NaN);
    if (kind !== 'checkpoint' || Number.isNaN(sequenceNumber)) continue;
    const { name: blobName, properties } = blob;
    found.push({ consumerGroup, partitionId, sequenceNumber, modifiedAt: properties.lastModified, blobName });
  }
  return found;
}

/** When an owner of a partition last renewed its ownership; undefined when no partition has an owner. */
export async function lastOwnedAt(container: ContainerClient, hub: HubAddress): Promise<Date | undefined> {
  if (!(await container.exists())) return undefined;
  let last: Date | undefined;
  for await (const { blob, kind } of blobsOf(container, hub)) {
    if (kind !== 'ownership' || !blob.metadata?.ownerid) continue;
    const { lastModified } = blob.properties;
    if (last === undefined || lastModified > last) last = lastModified;
  }
  return last;
}

async function* blobsOf(container: ContainerClient, { fullyQualifiedNamespace, eventHubName }: HubAddress) {
  const prefix = `${fullyQualifiedNamespace}/${eventHubName}/`.toLowerCase();
  for await (const blob of container.listBlobsFlat({ prefix, includeMetadata: true })) {
    const [consumerGroup = '', kind = '', partitionId = ''] = blob.name.slice(prefix.length).split('/');
    yield { blob, consumerGroup, kind, partitionId };
  }
}
