import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConsoleSite, startConsoleSite } from '../../local/console/console-site.ts';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { FIXTURE_ROOT } from '../fixtures/functions-app/start-fixture.mts';

let site: ConsoleSite;
let host: FunctionsHostProcess;
beforeAll(async () => {
  site = await startConsoleSite({ tokenPort: 1234, webPubSubPort: 5678 });
  host = await spawnFunctionsHost({ root: FIXTURE_ROOT, pagesPort: site.port });
});
afterAll(async () => {
  await host?.stop();
  await site?.close();
});

/** Sends a request through the functions host, with the headers that a browser sends when it opens a page. */
function open(path: string, headers: Record<string, string> = { accept: 'text/html,*/*' }, method = 'GET') {
  return new Promise<{ readonly status: number; readonly headers: Record<string, unknown>; readonly body: string }>(
    (resolve, reject) => {
      const sent = request(`${host.url}${path}`, { method, headers }, (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          reject,
        );
      });
      sent.once('error', reject).end();
    },
  );
}

describe('the console of a developer machine', () => {
  it.each(['/', '/now', '/orders/some-order', '/orders/INV.2024'])('is shown at %s once it is built', async (path) => {
    const { status, headers, body } = await open(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('<div id="console"></div>');
  });

  it('has nothing inline, and may connect only to this machine', async () => {
    const { headers, body } = await open('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' http://127.0.0.1:1234/ ws://localhost:5678 ws://127.0.0.1:5678; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(body).not.toMatch(/<style|<script(?![^>]* src=)| style=| on\w+=/);
  });

  it('references files that exist, and that browsers may keep if their names say what is in them', async () => {
    const { body } = await open('/');
    const files = [...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      const { status, headers } = await open(file, {});
      expect([file, status]).toEqual([file, 200]);
      expect(headers['cache-control']).toMatch(file.startsWith('/assets/') ? /immutable/ : /no-cache/);
    }
  });

  it('says where tokens are, without a token', async () => {
    const { body } = await open('/console.json');
    expect(JSON.parse(body)).toEqual({ signIn: 'development', apiUrl: '/api', tokenUrl: 'http://127.0.0.1:1234/' });
  });

  it.each([
    ['a file that does not exist', '/missing.js', {}],
    ['an asset of another build', '/assets/now-page-1a2b', { accept: 'text/html' }],
    ['a path that leads out of its folder', '/..%2f..%2fpackage.json', {}],
    ['a page that no browser opens', '/orders/some-order', { accept: 'application/json' }],
    ['an unknown route of the API', '/api/unknown', { accept: 'text/html' }],
  ])('has no %s', async (_, path, headers) => {
    expect((await open(path, headers)).status).toBe(404);
  });

  it('answers only to names of this machine', async () => {
    expect((await open('/', { host: 'evil.example' })).status).toBe(403);
  });

  it('takes nothing but GET and HEAD', async () => {
    const statuses = await Promise.all(['HEAD', 'POST'].map(async (method) => (await open('/', {}, method)).status));
    expect(statuses).toEqual([200, 404]);
  });
});
