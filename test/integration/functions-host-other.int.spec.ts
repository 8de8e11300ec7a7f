import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { FIXTURE_ROOT } from '../fixtures/functions-app/start-fixture.mts';

/** A host without HTTP functions, in front of one that has them. */
let other: FunctionsHostProcess;
let front: FunctionsHostProcess;
beforeAll(async () => {
  const starting = spawnFunctionsHost({ root: FIXTURE_ROOT, main: 'functions/http.cjs' });
  front = await spawnFunctionsHost({
    root: FIXTURE_ROOT,
    main: 'functions/timers.cjs',
    otherPort: starting.then(({ port }) => port),
  });
  other = await starting;
});
afterAll(() => Promise.all([front?.stop(), other?.stop()]));

/** The response to the same request, sent to each host. Only the port in the Host header differs. */
async function both(path: string, init: RequestInit = {}) {
  return Promise.all(
    [front, other].map(async ({ url, port }) => {
      const response = await fetch(`${url}${path}`, init);
      const { date: _, ...headers } = Object.fromEntries(response.headers);
      return { status: response.status, headers, body: (await response.text()).replaceAll(String(port), 'PORT') };
    }),
  );
}

describe('a host that forwards to another host', () => {
  it.each([
    ['a request', '/api/orders/special', {}],
    ['a query string', '/api/orders/abc?a=1&a=2&b=%20', {}],
    ['a body and headers', '/api/size', { method: 'POST', body: 'a body', headers: { 'x-one': 'ü' } }],
    ['a HEAD request', '/api/orders/special', { method: 'HEAD' }],
    ['a request that no host answers', '/api/nothing/here', {}],
    ['a request of another origin', '/api/orders/special', { headers: { origin: 'https://shop.example' } }],
  ])('answers %s as the other host does', async (_what, path, init) => {
    const [forwarded, direct] = await both(path, init);
    expect(forwarded).toEqual(direct);
  });

  it('forwards headers that occur twice, and a body without a length', async () => {
    const send = async ({ url }: FunctionsHostProcess) => {
      const sent = request(`${url}/api/orders/abc`, {
        method: 'POST',
        headers: ['host', 'localhost', 'x-twice', 'a', 'x-twice', 'b', 'transfer-encoding', 'chunked'],
      });
      sent.end('a body');
      const [response] = await once(sent, 'response');
      return [response.statusCode, await text(response)];
    };
    expect(await send(front)).toEqual(await send(other));
  });

  it('refuses a body that is too large, as the other host does', async () => {
    const send = async ({ url }: FunctionsHostProcess) => {
      const sent = request(`${url}/api/size`, { method: 'POST', headers: { 'content-length': 104_857_601 } });
      sent.on('error', () => undefined); // the connection is closed
      sent.flushHeaders();
      const [response] = await once(sent, 'response');
      sent.destroy();
      return response.statusCode;
    };
    expect([await send(front), await send(other)]).toEqual([500, 500]);
  });

  it('holds a request until the other host runs', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const early = await spawnFunctionsHost({ root: FIXTURE_ROOT, main: 'functions/timers.cjs', otherPort: promise });
    onTestFinished(() => early.stop());
    const answer = fetch(`${early.url}/api/orders/special`);
    resolve(other.port);
    expect((await answer).status).toBe(200);
  });

  it('answers 500 when the other host has stopped', async () => {
    const gone = await spawnFunctionsHost({ root: FIXTURE_ROOT, main: 'functions/timers.cjs' });
    await gone.stop();
    const left = await spawnFunctionsHost({
      root: FIXTURE_ROOT,
      main: 'functions/timers.cjs',
      otherPort: Promise.resolve(gone.port),
    });
    onTestFinished(() => left.stop());
    expect((await fetch(`${left.url}/api/orders/special`)).status).toBe(500);
  });
});
