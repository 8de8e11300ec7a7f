import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { portOf } from '../../../local/listening-server.ts';
import { openContainer } from '../../../local/storage/blob-container.ts';
import { storageAccount } from '../../../local/storage/storage-account.ts';

/** A container of a service that handles its first request, its second one, and so on. The last handler handles all further ones. */
const containerOf = (...handlers: readonly RequestListener[]) => containerWith([0, 0], ...handlers);

/** @param retryDelaysMs pauses between the attempts of a request */
async function containerWith(retryDelaysMs: readonly number[], ...handlers: readonly RequestListener[]) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const handler = handlers[Math.min(requests.length, handlers.length - 1)];
    requests.push(`${request.method} ${request.url}`);
    handler?.(request, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const account = `AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${portOf(server)}/a`;
  return { requests, container: openContainer(account, 'things', retryDelaysMs) };
}

const answers =
  (status: number, body = ''): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { 'x-ms-error-code': 'Why' }).end(body);
const disconnects: RequestListener = (request) => request.socket.destroy();

it('sends a request again after a lost connection, and while the service is busy', async () => {
  const { container, requests } = await containerOf(disconnects, answers(503), answers(201));
  expect(await container.put({ name: 'one' })).toMatchObject({ status: 201 });
  expect(requests).toEqual(['PUT /a/things/one', 'PUT /a/things/one', 'PUT /a/things/one']);
});

it('fails when the last attempt fails, and at once when the service refuses a request', async () => {
  const lost = await containerOf(disconnects);
  await expect(lost.container.put({ name: 'one' })).rejects.toThrow('socket hang up');
  expect(lost.requests).toHaveLength(3);
  const refused = await containerOf(answers(403));
  await expect(refused.container.put({ name: 'one' })).rejects.toThrow('PUT things/one: Storage answered 403 Why');
  expect(refused.requests).toHaveLength(1);
});

it('stops waiting for the next attempt when it is aborted', async () => {
  const answered = Promise.withResolvers<void>();
  const { container, requests } = await containerWith([600_000], (request, response) => {
    answers(503)(request, response);
    response.once('close', answered.resolve);
  });
  const stopping = new AbortController();
  const put = container.put({ name: 'one' }, stopping.signal);
  await answered.promise;
  stopping.abort();
  await expect(put).rejects.toThrow('aborted');
  expect(requests).toHaveLength(1);
});

it('lists blobs page by page', async () => {
  const page = (blobs: string, marker: string) =>
    answers(200, `<EnumerationResults><Blobs>${blobs}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`);
  const properties =
    '<Properties><Last-Modified>Fri, 27 Nov 2026 12:00:00 GMT</Last-Modified><Etag>"0x1"</Etag></Properties>';
  const { container, requests } = await containerOf(
    page(`<Blob><Name>a&amp;b</Name>${properties}<Metadata><ownerid>007</ownerid></Metadata></Blob>`, 'next'),
    page(`<Blob><Name>c</Name>${properties}<Metadata/></Blob>`, ''),
  );
  const blob = { etag: '0x1', lastModified: new Date('2026-11-27T12:00:00Z'), leaseState: 'available' };
  expect(await container.list('a/')).toEqual([
    { ...blob, name: 'a&b', metadata: { ownerid: '007' } },
    { ...blob, name: 'c', metadata: {} },
  ]);
  const list = 'GET /a/things?restype=container&comp=list&include=metadata&prefix=a%2F';
  expect(requests).toEqual([`${list}&marker=`, `${list}&marker=next`]);
});

it('finds the account in a connection string', () => {
  const endpointOf = (connectionString: string) => storageAccount(connectionString).endpoint.href;
  expect(endpointOf('UseDevelopmentStorage=true')).toBe('http://127.0.0.1:10000/devstoreaccount1/');
  expect(endpointOf('AccountName=shop;AccountKey=a2V5==;EndpointSuffix=core.windows.net')).toBe(
    'https://shop.blob.core.windows.net/',
  );
  expect(() => storageAccount('BlobEndpoint=https://shop.blob.core.windows.net;SharedAccessSignature=sv=1')).toThrow(
    'A connection string of Storage must have AccountName and AccountKey.',
  );
});
