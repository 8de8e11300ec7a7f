import { type BlobItem, blobsOf } from './blob-list.ts';
import { type BlobAnswer, type BlobRequest, sendSigned } from './signed-request.ts';
import { storageAccount } from './storage-account.ts';

/** What a blob is to contain. */
export interface BlobWrite {
  readonly name: string;
  readonly content?: Buffer;
  /** Names in lower case. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Writes only if the blob has this ETag. */
  readonly ifMatch?: string;
  /** `*` writes only if there is no such blob. */
  readonly ifNoneMatch?: '*';
}

/** There is no such container or blob. */
const MISSING = 404;
/** There is such a container. */
const EXISTS = 409;
/** The blob has another state than the request requires: it exists, has another ETag, or is leased. */
const CONFLICTS = [409, 412];

/** Whether a write or a lease was refused because of the state of the blob. */
export const isConflict = ({ status }: BlobAnswer): boolean => CONFLICTS.includes(status);

export type BlobContainer = ReturnType<typeof openContainer>;

/**
 * Opens a container of blobs, which is read and written with plain requests: they take half the CPU time of the Storage SDK's, and loading
 * the SDK takes longer than all requests of a start. A method that resolves to an answer has written the blob, or there is a conflict. All
 * methods throw as `sendSigned` does.
 * @param retryDelaysMs see `SendOptions`
 * @throws {Error} when the connection string has no account key
 */
export function openContainer(connectionString: string, container: string, retryDelaysMs?: readonly number[]) {
  const account = storageAccount(connectionString);
  const send = (request: BlobRequest, signal?: AbortSignal) => sendSigned(account, request, { signal, retryDelaysMs });
  const toContainer = { path: container, query: { restype: 'container' } };
  const toBlob = (name: string) => ({ path: `${container}/${name}`, expected: CONFLICTS });
  const lease = (name: string, action: string, headers: BlobRequest['headers'], signal?: AbortSignal) => {
    const query = { comp: 'lease' };
    return send(
      { ...toBlob(name), query, method: 'PUT', headers: { 'x-ms-lease-action': action, ...headers } },
      signal,
    );
  };

  return {
    url: `${account.endpoint}${container}`,
    async create(): Promise<void> {
      await send({ ...toContainer, method: 'PUT', expected: [EXISTS] });
    },
    /** Lists the blobs whose names start with a prefix; none when there is no such container. */
    async list(prefix = ''): Promise<readonly BlobItem[]> {
      const blobs: BlobItem[] = [];
      let marker: string | undefined = '';
      do {
        const query = { ...toContainer.query, comp: 'list', include: 'metadata', prefix, marker };
        const { status, body } = await send({ ...toContainer, query, method: 'GET', expected: [MISSING] });
        if (status === MISSING) break;
        const page = blobsOf(body.toString());
        blobs.push(...page.blobs);
        marker = page.nextMarker;
      } while (marker !== '');
      return blobs;
    },
    /** Returns the content of a blob; undefined when there is none. */
    async read(name: string): Promise<Buffer | undefined> {
      const { status, body } = await send({ ...toBlob(name), method: 'GET', expected: [MISSING] });
      return status === MISSING ? undefined : body;
    },
    /** Creates or replaces a blob: https://learn.microsoft.com/rest/api/storageservices/put-blob */
    put: ({ name, content, ...blob }: BlobWrite, signal?: AbortSignal): Promise<BlobAnswer> =>
      send(
        {
          ...toBlob(name),
          method: 'PUT',
          headers: { 'x-ms-blob-type': 'BlockBlob', ...headersOf(blob) },
          ...(content !== undefined && { body: content }),
        },
        signal,
      ),
    /** Replaces the metadata of an existing blob: https://learn.microsoft.com/rest/api/storageservices/set-blob-metadata */
    setMetadata: ({ name, ...blob }: Omit<BlobWrite, 'content' | 'ifNoneMatch'>): Promise<BlobAnswer> =>
      send({ ...toBlob(name), method: 'PUT', query: { comp: 'metadata' }, headers: headersOf(blob) }),
    delete: (name: string): Promise<BlobAnswer> => send({ ...toBlob(name), method: 'DELETE' }),
    /**
     * Leases a blob: https://learn.microsoft.com/rest/api/storageservices/lease-blob
     * @param id a new GUID. With it, the request can be sent again.
     */
    acquireLease: (name: string, id: string, seconds: number, signal?: AbortSignal): Promise<BlobAnswer> =>
      lease(name, 'acquire', { 'x-ms-proposed-lease-id': id, 'x-ms-lease-duration': String(seconds) }, signal),
    renewLease: (name: string, id: string): Promise<BlobAnswer> => lease(name, 'renew', { 'x-ms-lease-id': id }),
    releaseLease: (name: string, id: string): Promise<BlobAnswer> => lease(name, 'release', { 'x-ms-lease-id': id }),
    /** Ends a lease at once, whoever holds it. */
    breakLease: (name: string): Promise<BlobAnswer> => lease(name, 'break', { 'x-ms-lease-break-period': '0' }),
  };
}

function headersOf({ metadata = {}, ifMatch, ifNoneMatch }: Omit<BlobWrite, 'name'>): Readonly<Record<string, string>> {
  return {
    ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-ms-meta-${name}`, value])),
    ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
    ...(ifNoneMatch !== undefined && { 'If-None-Match': ifNoneMatch }),
  };
}
