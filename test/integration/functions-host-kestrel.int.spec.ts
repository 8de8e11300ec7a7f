import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { startFixture } from '../fixtures/functions-app/start-fixture.mts';
import { sendBytes } from '../support/system/raw-http.ts';

let host: FunctionsHostProcess;
beforeAll(async () => {
  host = await startFixture();
});
afterAll(() => host?.stop());

/** Sends a request byte by byte as written, and resolves to the whole response. Bytes are Latin-1 characters. */
function send(requestLine: string, headers: readonly string[] = [], body = ''): Promise<string> {
  return sendBytes(host.url, [requestLine, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n'));
}

const statusOf = (response: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1]);
/** The first JSON object in a response, which the fixture's functions return in one chunk. */
const echoIn = (response: string): unknown => JSON.parse(/\{.*\}/.exec(response)?.[0] ?? 'null');
const xs = (count: number) => 'x'.repeat(count);

describe('a request', () => {
  it.each([
    ['a chunked body, which reaches the function empty', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n', ''],
    ['a body with a length', ['Content-Length: 5'], 'hello', Buffer.from('hello').toString('base64')],
  ])('can have %s', async (_what, headers, sent, received) => {
    const response = await send('POST /api/orders/x HTTP/1.1', headers, sent);
    expect(echoIn(response)).toMatchObject({ body: received });
  });

  it('passes Transfer-Encoding to the function', async () => {
    const response = await send('POST /api/orders/x HTTP/1.1', ['Transfer-Encoding: chunked'], '0\r\n\r\n');
    expect(echoIn(response)).toMatchObject({ headers: { 'transfer-encoding': 'chunked' } });
  });

  it.each([
    ['a path with an encoded NUL', 400, 'GET /api/orders/a%00b HTTP/1.1', []],
    ['a second Host header', 400, 'GET /api/named HTTP/1.1', ['Host: other']],
    ['a URL with another host than the Host header', 400, 'GET http://other/api/named HTTP/1.1', []],
    ['a header that is not UTF-8', 400, 'GET /api/named HTTP/1.1', ['X-A: \xfc']],
    ['the method CONNECT', 400, 'CONNECT localhost:80 HTTP/1.1', []],
    ['no path', 404, 'OPTIONS * HTTP/1.1', []],
    ['a method that no function declares', 404, 'PROPFIND /api/named HTTP/1.1', []],
    ['a request line over 8 KB', 414, `GET /api/named?a=${xs(8_166)} HTTP/1.1`, []],
    ['headers over 32 KB', 431, 'GET /api/named HTTP/1.1', [`X-A: ${xs(32_768)}`]],
    ['more than 100 headers', 431, 'GET /api/named HTTP/1.1', Array.from({ length: 99 }, (_, n) => `X-${n}: 1`)],
  ])('with %s is rejected with %i', async (_what, status, requestLine, headers) => {
    expect(statusOf(await send(requestLine, headers))).toBe(status);
  });

  it.each([
    ['a request line of 8 KB', `GET /api/named?a=${xs(8_164)} HTTP/1.1`, []],
    ['headers of almost 32 KB', 'GET /api/named HTTP/1.1', [`X-A: ${xs(32_700)}`]],
    ['100 headers', 'GET /api/named HTTP/1.1', Array.from({ length: 98 }, (_, n) => `X-${n}: 1`)],
    ['a URL with the same host as the Host header', 'GET http://localhost/api/named HTTP/1.1', []],
  ])('with %s is accepted', async (_what, requestLine, headers) => {
    expect(statusOf(await send(requestLine, headers))).toBe(200);
  });

  it.each([
    ['an encoded percent sign', 'a%252fb', 'a%2fb', 'a%2fb'],
    ['a percent sign that encodes nothing', 'a%zzb', 'a%zzb', 'a%25zzb'],
    ['bytes that are not UTF-8', 'a%ffb', 'a%ffb', 'a%ffb'],
    ['a byte that is not UTF-8 before one that is', 'a%c3%28b', 'a%c3(b', 'a%c3(b'],
    ['a backslash', 'a\\b', 'a\\b', 'a%5Cb'],
    ['encoded letters', '%c3%bc', 'ü', '%C3%BC'],
  ])('with %s in its path has the parameter and URL of the real host', async (_what, sent, id, path) => {
    const response = await send(`GET /api/orders/${sent} HTTP/1.1`);
    expect(echoIn(Buffer.from(response, 'latin1').toString())).toMatchObject({
      params: { id },
      url: `http://localhost/api/orders/${path}`,
    });
  });

  it.each([
    ['plain dot segments', '/api/x/../orders/./abc'],
    ['encoded dot segments', '/api/x/%2e%2e/orders/abc'],
  ])('with %s is routed without them', async (_what, path) => {
    expect(echoIn(await send(`GET ${path} HTTP/1.1`))).toMatchObject({ function: 'parameter', params: { id: 'abc' } });
  });

  it('has query parameters in which only valid UTF-8 is decoded', async () => {
    const response = await send('GET /api/named?a=%zz&b=%ff&c=x+y%2B&=d&e HTTP/1.1');
    expect(echoIn(response)).toMatchObject({ query: { a: '%zz', b: '%ff', c: 'x y+', '': 'd', e: '' } });
  });

  it('has header values in UTF-8', async () => {
    const response = await send('GET /api/named HTTP/1.1', ['X-A: \xc3\xbc']);
    expect(echoIn(Buffer.from(response, 'latin1').toString())).toMatchObject({ headers: { 'x-a': 'ü' } });
  });
});

describe('a header value with a character above U+00FF', () => {
  it('fails in the Functions library, which returns 500 without a body', async () => {
    expect(await send('GET /api/named HTTP/1.1', ['X-A: \xce\xac'])).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\n$/s);
  });
});

describe('a response', () => {
  it('has its body in chunks and no Content-Length', async () => {
    const response = await send('GET /api/named HTTP/1.1');
    expect(response).toMatch(/transfer-encoding: chunked/i);
    expect(response).not.toMatch(/content-length/i);
  });

  it('has a Content-Length of 0 when there is no body', async () => {
    expect(await send('GET /api/logs HTTP/1.1')).toMatch(/content-length: 0/i);
  });

  it('to a HEAD request has neither a length nor a body', async () => {
    const response = await send('HEAD /api/with-head HTTP/1.1');
    expect(response).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(response).not.toMatch(/content-length|transfer-encoding/i);
    expect(response).toMatch(/\r\n\r\n$/);
  });
});
