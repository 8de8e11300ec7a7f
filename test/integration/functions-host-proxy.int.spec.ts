import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { forwardRequest } from '../../local/functions-host/http-proxy.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(handle: RequestListener): Promise<URL> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return new URL(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`);
}

/** A host that forwards to this app and times out after 100 ms without activity. */
async function hostOf(httpUri: URL): Promise<URL> {
  const rest = { httpUri, invocationId: 'invocation-1', cut: new AbortController().signal, activityTimeoutMs: 100 };
  return listen((request, response) => {
    void forwardRequest(request, response, { ...rest, url: new URL(request.url ?? '/', 'http://example.com') });
  });
}

describe('a request that is forwarded to the app', () => {
  it('returns 504 when the app sends nothing, as after a function throws', async () => {
    const host = await hostOf(await listen(() => undefined));
    const response = await fetch(host);
    expect([response.status, await response.text()]).toEqual([504, '']);
  });

  it('is cut off when the app stops sending in the middle of a response', async () => {
    const host = await hostOf(await listen((_request, response) => void response.write('the first half')));
    const response = await fetch(host);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('returns 502 when the app cannot be reached', async () => {
    const gone = await listen(() => undefined);
    servers.splice(0).forEach((server) => void server.close());
    expect((await fetch(await hostOf(gone))).status).toBe(502);
  });
});
