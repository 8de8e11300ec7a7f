import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionsHostProcess } from '../../local/functions-host/spawn.ts';
import { startFixture } from '../fixtures/functions-app/start-fixture.mts';

let host: FunctionsHostProcess;
beforeAll(async () => {
  host = await startFixture();
});
afterAll(() => host?.stop());

/** Sends a request with the headers that a browser adds, which `fetch` does not let a program set. */
function send(method: string, path: string, headers: Record<string, string>) {
  return new Promise<{ readonly status: number | undefined; readonly cors: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request(`${host.url}/api/${path}`, { method, headers }, (response) => {
        const entries = Object.entries(response.headers).filter(([name]) => /^access-control|^vary$/.test(name));
        response
          .resume()
          .once('end', () => resolve({ status: response.statusCode, cors: Object.fromEntries(entries) }));
      });
      sent.once('error', reject).end();
    },
  );
}

const ALLOWED = {
  'access-control-allow-origin': 'http://page.example',
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
};
const page = { origin: 'http://page.example' };
const preflight = {
  'access-control-request-method': 'PUT',
  'access-control-request-headers': 'if-match, content-type',
};

describe('a preflight request', () => {
  it.each(['with-head', 'named', 'unknown'])(
    'of an allowed origin allows the method and headers for %s',
    async (path) => {
      expect(await send('OPTIONS', path, { ...page, ...preflight })).toEqual({
        status: 204,
        cors: {
          ...ALLOWED,
          'access-control-allow-methods': 'PUT',
          'access-control-allow-headers': 'if-match,content-type',
        },
      });
    },
  );

  it('of another origin gets no CORS headers', async () => {
    expect(await send('OPTIONS', 'named', { origin: 'http://evil.example', ...preflight })).toEqual({
      status: 204,
      cors: {},
    });
  });
});

describe('a request', () => {
  it.each([
    ['success', 'named', 200],
    ['failure', 'throws', 500],
    ['unknown route', 'unknown', 404],
  ])('of an allowed origin gets the CORS headers with a %s', async (_outcome, path, status) => {
    expect(await send('GET', path, page)).toEqual({ status, cors: ALLOWED });
  });

  it('of another origin reaches the function and gets no CORS headers', async () => {
    expect(await send('GET', 'named', { origin: 'http://evil.example' })).toEqual({ status: 200, cors: {} });
  });

  it('without an origin gets no CORS headers', async () => {
    expect(await send('GET', 'named', {})).toEqual({ status: 200, cors: {} });
  });

  it('with OPTIONS that is not a preflight reaches the function', async () => {
    expect((await send('OPTIONS', 'with-head', page)).status).toBe(200);
  });

  it('gets the headers of the function, except those that the host sets itself', async () => {
    expect((await send('GET', 'crossOrigin', page)).cors).toEqual({
      ...ALLOWED,
      'access-control-expose-headers': 'etag',
      vary: 'Origin, accept',
    });
  });
});
