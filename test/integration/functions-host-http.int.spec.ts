import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { startFixture } from '../fixtures/functions-app/start-fixture.mts';

let host: FunctionsHostProcess;
beforeAll(async () => {
  host = await startFixture();
});
afterAll(() => host?.stop());

const call = (path: string, init: RequestInit = {}) => fetch(`${host.url}${path}`, init);
const echo = async (path: string, init: RequestInit = {}) => (await call(path, init)).json();

const responseTo = (sent: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => sent.once('response', resolve).once('error', reject));

/** The status of the response to a body that is announced but not sent. */
async function statusOfBody({ url }: FunctionsHostProcess, bytes: number): Promise<number | undefined> {
  const sent = request(`${url}/api/size`, { method: 'POST', headers: { 'content-length': bytes } });
  sent.flushHeaders();
  const response = await responseTo(sent);
  sent.destroy();
  return response.statusCode;
}

describe('routes', () => {
  it.each([
    ['a literal', '/api/orders/special', 'literal', {}],
    ['the constraint int', '/api/orders/5', 'constrained', { number: '5' }],
    ['a parameter', '/api/orders/abc', 'parameter', { id: 'abc' }],
    ['the rest of the path with a catch-all', '/api/orders/a/b', 'restOfPath', { rest: 'a/b' }],
    ['an empty rest with a catch-all', '/api/orders', 'restOfPath', {}],
    [
      'the function whose name comes first, whatever the templates',
      '/api/choice/literal',
      'firstByName',
      { id: 'literal' },
    ],
    ['an optional parameter', '/api/optional/x', 'optional', { id: 'x' }],
    ['a path without the optional parameter', '/api/optional', 'optional', {}],
    ['the constraint alpha', '/api/alpha/Word', 'alpha', { word: 'Word' }],
    [
      'the constraint guid',
      '/api/guid/0f8fad5b-d9cb-469f-a165-70867728950e',
      'guid',
      { id: '0f8fad5b-d9cb-469f-a165-70867728950e' },
    ],
    ['the constraint length', '/api/length/four', 'length', { text: 'four' }],
    ['several parameters in a segment', '/api/files/a.b.txt', 'multiPart', { name: 'a.b', extension: 'txt' }],
    ['a path in any case', '/API/Orders/SPECIAL', 'literal', {}],
    ['a path with a trailing slash', '/api/orders/special/', 'literal', {}],
    ['the name of a function without a route', '/api/named', 'named', {}],
    ['an encoded parameter, which is decoded', '/api/orders/a%20%C3%BC', 'parameter', { id: 'a ü' }],
    ['an encoded slash, which stays encoded', '/api/orders/a%2Fb', 'parameter', { id: 'a%2Fb' }],
  ])('match %s', async (_rule, path, name, params) => {
    expect(await echo(path)).toMatchObject({ function: name, params });
  });

  it.each([
    ['an unknown route', 'GET', '/api/unknown'],
    ['a path outside the prefix', 'GET', '/orders/special'],
    ['another method', 'DELETE', '/api/orders/abc'],
    ['a value that violates alpha', 'GET', '/api/alpha/w0rd'],
    ['a value that violates guid', 'GET', '/api/guid/5'],
    ['a value that violates length', 'GET', '/api/length/fiver'],
    ['an undeclared HEAD', 'HEAD', '/api/only-get'],
    ['an undeclared OPTIONS', 'OPTIONS', '/api/only-get'],
  ])('return 404 without a body for %s', async (_what, method, path) => {
    const response = await call(path, { method });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });

  it('return only headers for a declared HEAD', async () => {
    const response = await call('/api/with-head', { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'application/json',
      '',
    ]);
  });

  it('pass a declared OPTIONS to the function', async () => {
    expect(await echo('/api/with-head', { method: 'OPTIONS' })).toMatchObject({ method: 'OPTIONS' });
  });
});

describe('requests', () => {
  it('have the URL that the client used', async () => {
    expect(await echo('/api/named?a=b%20c')).toMatchObject({ url: `${host.url}/api/named?a=b%20c` });
  });

  it('join a repeated header with a comma', async () => {
    const sent = request(`${host.url}/api/named`, { headers: { 'x-many': ['one', 'two'] } }).end();
    const response = await responseTo(sent);
    expect(JSON.parse(await text(response))).toMatchObject({ headers: { 'x-many': 'one,two' } });
  });

  it('join a repeated query parameter, in any case, with a comma', async () => {
    expect(await echo('/api/named?a=1&A=2&b=')).toMatchObject({ query: { A: '1,2', b: '' } });
  });

  it('carry any bytes', async () => {
    const body = new Uint8Array([0, 1, 254, 255]);
    expect(await echo('/api/orders/x', { method: 'POST', body })).toMatchObject({
      body: Buffer.from(body).toString('base64'),
    });
  });

  it('carry a body of many megabytes', async () => {
    const body = new Uint8Array(20_000_000);
    expect(await echo('/api/size', { method: 'POST', body })).toEqual({ bytes: 20_000_000 });
  });

  it('are rejected with 500 above 100 MB', async () => {
    expect(await statusOfBody(host, 104_857_601)).toBe(500);
  });

  it('are rejected with 500 above the limit in the settings', async () => {
    const limited = await startFixture({ FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' });
    onTestFinished(() => limited.stop());
    expect(await statusOfBody(limited, 1_001)).toBe(500);
    expect(await (await fetch(`${limited.url}/api/size`, { method: 'POST', body: 'x'.repeat(1_000) })).json()).toEqual({
      bytes: 1_000,
    });
  });

  it('pass traceparent to the function', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(await echo('/api/named', { headers: { traceparent } })).toMatchObject({ traceParent: traceparent });
  });

  it('pass through the hooks of the app', async () => {
    expect(await echo('/api/hooked')).toEqual({ extra: 'from the hook', after: true });
  });
});

describe('responses', () => {
  it('have the status 204 when the function returns nothing', async () => {
    expect((await call('/api/nothing')).status).toBe(204);
  });

  it.each([
    ['a function that throws', '/api/throws'],
    ['a function that returns no response', '/api/noResponse'],
  ])('have the status 500 and no body for %s', async (_what, path) => {
    const response = await call(path);
    expect([response.status, await response.text()]).toEqual([500, '']);
  });

  it('with the status 500 have their error in the log', async () => {
    await call('/api/throws');
    await expect
      .poll(host.output)
      .toMatch(/throws: Executed 'Functions.throws' \(Failed, Id=.*Error: the secret reason/);
  });

  it('carry status, headers and bytes', async () => {
    const response = await call('/api/binary');
    const body = [...new Uint8Array(await response.arrayBuffer())];
    expect([response.status, response.headers.get('x-own'), body]).toEqual([201, 'yes', [0, 255, 128]]);
  });

  it('carry a stream to its end', async () => {
    const response = await call('/api/stream');
    expect([response.headers.get('content-type'), await response.text()]).toEqual([
      'text/event-stream',
      'data: 1\n\ndata: 2\n\n',
    ]);
  });

  it('carry cookies', async () => {
    const response = await call('/api/cookies');
    expect(response.headers.getSetCookie()).toEqual([
      'a=x%20y; max-age=60; path=/p; secure; samesite=lax; httponly',
      'b=2; path=/',
    ]);
  });
});

describe('the host keeps serving when a client disconnects', () => {
  it('while its function runs', async () => {
    await call('/api/slow', { signal: AbortSignal.timeout(100) }).catch(() => undefined);
    expect((await call('/api/slow')).status).toBe(200);
  });

  it('while it sends its body', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.write('POST /api/size HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\nhalf');
    await call('/api/nothing');
    socket.destroy();
    expect((await call('/api/nothing')).status).toBe(204);
  });
});
