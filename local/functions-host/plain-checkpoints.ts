import { Agent, type IncomingMessage, request } from 'node:http';
import type { Checkpoint, CheckpointStore } from '@azure/event-hubs';
import { type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';

/** A version of the Storage REST API with everything that is used here. */
const API_VERSION = '2021-12-02';
const TIMEOUT_MS = 10_000;

/**
 * Wraps a store so that it updates an existing checkpoint with one plain request, which takes half the CPU time of the Storage SDK's
 * (https://learn.microsoft.com/rest/api/storageservices/set-blob-metadata). When the request fails for any reason, the wrapped store
 * updates the checkpoint: it creates missing ones, and retries. Returns the store itself when the container is not reached by HTTP with
 * an account key.
 */
export function updateCheckpointsPlainly(container: ContainerClient, store: CheckpointStore): CheckpointStore {
  const { credential } = container;
  if (!(credential instanceof StorageSharedKeyCredential) || !container.url.startsWith('http:')) return store;
  const agent = new Agent({ keepAlive: true });
  const urls = new Map<string, URL>(); // cached because creating the client of a blob is slow
  const urlOf = (name: string): URL => {
    const url = urls.get(name) ?? new URL(container.getBlobClient(name).url);
    urls.set(name, url);
    return url;
  };
  const update = async (checkpoint: Checkpoint): Promise<boolean> => {
    const url = urlOf(blobName(checkpoint));
    const headers = {
      'x-ms-date': new Date().toUTCString(),
      'x-ms-meta-offset': checkpoint.offset,
      'x-ms-meta-sequencenumber': String(checkpoint.sequenceNumber),
      'x-ms-version': API_VERSION,
    };
    const signature = credential.computeHMACSHA256(stringToSign(url, credential.accountName, headers));
    const Authorization = `SharedKey ${credential.accountName}:${signature}`;
    return (await put(url, { ...headers, Authorization, 'Content-Length': '0' }, agent)) === 200;
  };
  return {
    listOwnership: (...list) => store.listOwnership(...list),
    claimOwnership: (...claim) => store.claimOwnership(...claim),
    listCheckpoints: (...list) => store.listCheckpoints(...list),
    updateCheckpoint: async (checkpoint, options) => {
      const isUpdated = await update(checkpoint).catch(() => false);
      if (!isUpdated) await store.updateCheckpoint(checkpoint, options);
    },
  };
}

/** As `BlobCheckpointStore` of `@azure/eventhubs-checkpointstore-blob` names it. */
function blobName({ fullyQualifiedNamespace, eventHubName, consumerGroup, partitionId }: Checkpoint): string {
  return `${fullyQualifiedNamespace}/${eventHubName}/${consumerGroup}/checkpoint/`.toLowerCase() + partitionId;
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
function stringToSign({ pathname }: URL, account: string, headers: Readonly<Record<string, string>>): string {
  const standardHeaders = '\n'.repeat(11); // All are empty; a Content-Length of 0 counts as empty.
  const ownHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  return `PUT\n${standardHeaders}${ownHeaders.join('')}/${account}${pathname}\ncomp:metadata`;
}

/** Returns the status code of the response. */
function put(url: URL, headers: Readonly<Record<string, string>>, agent: Agent): Promise<number> {
  const answer = Promise.withResolvers<number>();
  const options = { method: 'PUT', path: `${url.pathname}?comp=metadata`, headers, agent, timeout: TIMEOUT_MS };
  const sent = request({ hostname: url.hostname, port: url.port, ...options }, (response: IncomingMessage) => {
    response.resume();
    response.once('error', answer.reject).once('end', () => answer.resolve(response.statusCode ?? 0));
  });
  sent.once('error', answer.reject).once('timeout', () => sent.destroy(new Error('The request timed out.')));
  sent.end();
  return answer.promise;
}
