import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';

const root = fileURLToPath(new URL('../fixtures/streaming-app', import.meta.url));

let host: FunctionsHostProcess;
beforeAll(async () => {
  host = await spawnFunctionsHost({ root });
});
afterAll(() => host?.stop());

const call = (path: string, init: RequestInit = {}) => fetch(`${host.url}/api/${path}`, init);
const echo = async (path: string, init: RequestInit = {}) => (await call(path, init)).json();

const responseTo = (sent: ClientRequest) => new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));

/** Reads an answer piece by piece. */
async function openStream(path: string, init: RequestInit = {}) {
  const response = await call(path, init);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return { next: async () => (await reader?.read())?.value };
}

describe('an app with streams on', () => {
  it('sends each piece when the function has it, not when it has ended', async () => {
    const { next } = await openStream('gated/pieces');
    expect(await next()).toBe('before');
    await call('open/pieces', { method: 'POST' });
    expect([await next(), await next()]).toEqual(['after', undefined]);
  });

  it('hands each piece of a request to the function while the client still sends', async () => {
    const sent = request(`${host.url}/api/upper`, { method: 'POST' });
    sent.write('one');
    const pieces = (await responseTo(sent))[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toBe('ONE');
    sent.end('two');
    expect(String((await pieces.next()).value)).toBe('TWO');
  });

  it('closes the connection to the app when the client goes away, so that the function can stop', async () => {
    const leaving = new AbortController();
    const { next } = await openStream('until-gone/client', { signal: leaving.signal });
    expect(await next()).toBe('here');
    leaving.abort();
    expect(await (await call('is-gone/client')).text()).toBe('gone');
  });

  it('gives the function the request as the client sent it', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const init = { method: 'POST', body: 'the body', headers: { 'x-one': 'ü', traceparent } };
    expect(await echo('echo/a%20b%2Fc?q=%20x&q=y', init)).toMatchObject({
      method: 'POST',
      url: `${host.url}/api/echo/a%20b%2Fc?q=%20x&q=y`,
      params: { id: 'a b%2Fc' },
      query: 'q=+x&q=y',
      headers: { 'x-one': 'ü', host: new URL(host.url).host, 'content-length': '8' },
      body: 'the body',
      traceParent: traceparent,
    });
  });

  it('joins a repeated header with a comma and a space', async () => {
    const sent = request(`${host.url}/api/echo/1`, { headers: { 'x-many': ['one', 'two'] } }).end();
    expect(await json(await responseTo(sent))).toMatchObject({ headers: { 'x-many': 'one, two' } });
  });

  it('names the invocation in the answer, whatever the client says it is', async () => {
    const response = await call('echo/1', { headers: { 'x-ms-invocation-id': 'mine' } });
    expect(await response.json()).toMatchObject({ invocationId: response.headers.get('x-ms-invocation-id') });
  });

  it.each([
    ['bytes', 'binary', 201, [0, 255, 128]],
    ['no content', 'noContent', 204, []],
    ['not modified', 'notModified', 304, []],
  ])('answers %s', async (_what, path, status, bytes) => {
    const response = await call(path);
    expect([response.status, [...new Uint8Array(await response.arrayBuffer())]]).toEqual([status, bytes]);
  });

  it('answers a declared HEAD with the headers alone', async () => {
    const response = await call('echo/1', { method: 'HEAD' });
    expect([response.status, response.headers.get('x-own'), await response.text()]).toEqual([200, 'yes', '']);
  });

  it('carries every cookie', async () => {
    expect((await call('cookies')).headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('refuses bodies above 100 MB', async () => {
    const sent = request(`${host.url}/api/upper`, { method: 'POST', headers: { 'content-length': 104_857_601 } });
    sent.flushHeaders();
    const response = await responseTo(sent);
    sent.destroy();
    expect(response.statusCode).toBe(413);
  });
});

describe('an endpoint in an app with streams on', () => {
  it.each([
    ['a problem', 'problem', 404, 'order-not-found'],
    ['a fault of its handler', 'fault', 500, 'internal-error'],
    ['headers that cannot be sent', 'faultyHeader', 500, 'internal-error'],
  ])('answers %s, which never hangs', async (_what, path, status, code) => {
    const response = await call(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(await response.json()).toMatchObject({ code });
  });
});

describe('a bundle without streams beside it', () => {
  it('takes its requests whole', async () => {
    expect(await (await call('whole', { method: 'POST', body: 'all of it' })).text()).toBe('all of it');
  });

  it('answers 500 when its function throws', async () => {
    expect((await call('wholeThrows')).status).toBe(500);
  });
});

it('the end of the host cuts streams that have no end of their own', async () => {
  const ending = await spawnFunctionsHost({ root });
  const response = await fetch(`${ending.url}/api/until-gone/end`);
  const stopped = ending.stop();
  await expect(response.text()).rejects.toThrow('terminated');
  await stopped;
});
