import { createHmac } from 'node:crypto';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StorageAccount } from './storage-account.ts';

/** A version of the Storage REST API with everything that is used here. */
const API_VERSION = '2021-12-02';
/** The time (ms) after which an attempt without an answer has failed. */
const TIMEOUT_MS = 10_000;
/** Pauses before the second and each later attempt. The first is for a connection that was closed while it was idle. */
const RETRY_DELAYS_MS: readonly number[] = [0, 1_000, 4_000, 10_000];

const plain = { client: http, agent: new http.Agent({ keepAlive: true }) };
const secure = { client: https, agent: new https.Agent({ keepAlive: true }) };

export interface BlobRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** A container, or a container and a blob, below the account's endpoint. Not encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Headers of Storage in lower case (`x-ms-…`), and conditions (`If-Match`, `If-None-Match`). */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Statuses above 299 that the caller handles. */
  readonly expected?: readonly number[];
}

export interface BlobAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface SendOptions {
  /** Ends the wait, also between two attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before each further attempt. Default: four further attempts in 15 s. */
  readonly retryDelaysMs?: readonly number[] | undefined;
}

/** Storage has refused a request. */
export class StorageError extends Error {
  readonly status: number;

  constructor({ method, path }: BlobRequest, { status, headers }: BlobAnswer) {
    super(`${method} ${path}: Storage answered ${status} ${headers['x-ms-error-code'] ?? ''}`.trimEnd());
    this.name = 'StorageError';
    this.status = status;
  }
}

/**
 * Sends a request that is signed with the account's key. Retries after a lost connection, a timeout, or an answer that says that the
 * service is temporarily unavailable.
 * @throws {StorageError} when it is refused with a status that the caller does not handle
 * @throws {Error} Node's, when the last attempt has no answer; the reason of `signal`
 */
export async function sendSigned(
  account: StorageAccount,
  request: BlobRequest,
  { signal, retryDelaysMs = RETRY_DELAYS_MS }: SendOptions = {},
): Promise<BlobAnswer> {
  for (const delayMs of retryDelaysMs) {
    const answer = await send(account, request, signal).catch(() => undefined);
    if (answer !== undefined && !isTransient(answer)) return checked(request, answer);
    await sleep(delayMs, undefined, { ...(signal !== undefined && { signal }) });
  }
  return checked(request, await send(account, request, signal));
}

const isTransient = ({ status }: BlobAnswer): boolean => status >= 500 || status === 408 || status === 429;

function checked(request: BlobRequest, answer: BlobAnswer): BlobAnswer {
  if (answer.status < 300 || request.expected?.includes(answer.status)) return answer;
  throw new StorageError(request, answer);
}

async function send(account: StorageAccount, request: BlobRequest, signal?: AbortSignal): Promise<BlobAnswer> {
  const { method, query, body } = request;
  const { protocol, hostname, port, pathname } = account.endpoint;
  const resource = `${pathname}${request.path.split('/').map(encodeURIComponent).join('/')}`;
  const headers: Readonly<Record<string, string>> = {
    'x-ms-date': new Date().toUTCString(),
    'x-ms-version': API_VERSION,
    ...request.headers,
    ...(method === 'PUT' && { 'Content-Length': String(body?.length ?? 0) }),
  };
  const Authorization = `SharedKey ${account.name}:${signatureOf(account, { method, resource, headers, query })}`;
  const answer = Promise.withResolvers<BlobAnswer>();
  const { client, agent } = protocol === 'http:' ? plain : secure;
  const sent = client.request(
    {
      hostname,
      port,
      path: query === undefined ? resource : `${resource}?${new URLSearchParams(query)}`,
      method,
      headers: { ...headers, Authorization },
      agent,
      timeout: TIMEOUT_MS,
      signal,
    },
    (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .once('error', answer.reject)
        .once('end', () => {
          const { statusCode: status = 0, headers } = response;
          answer.resolve({ status, headers, body: Buffer.concat(chunks) });
        });
    },
  );
  sent.on('error', answer.reject).once('timeout', () => sent.destroy(new Error('The request timed out.')));
  sent.end(body);
  return answer.promise;
}

interface SignedParts extends Pick<BlobRequest, 'method'> {
  readonly query: BlobRequest['query'] | undefined;
  /** Encoded, with a slash at the start. */
  readonly resource: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key */
function signatureOf({ name, key }: StorageAccount, { method, resource, headers, query = {} }: SignedParts): string {
  const { 'Content-Length': length, 'If-Match': ifMatch = '', 'If-None-Match': ifNoneMatch = '' } = headers;
  // Standard headers by position, most of them empty
  const standard = [method, '', '', length === '0' ? '' : length, '', '', '', '', ifMatch, ifNoneMatch, '', ''];
  const own = sorted(Object.entries(headers).filter(([header]) => header.startsWith('x-ms-')));
  const text = [...standard, ...own, `/${name}${resource}`, ...sorted(Object.entries(query))].join('\n');
  return createHmac('sha256', key).update(text).digest('base64');
}

const sorted = (pairs: readonly (readonly [string, string])[]): readonly string[] =>
  pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => `${name}:${value}`);
