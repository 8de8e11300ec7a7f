import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { startTokenServer, type TokenServer } from '../../local/token-server.ts';

const PAGE_PORT = 7071;
const PAGE = `http://localhost:${PAGE_PORT}`;

let tokens: TokenServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-server-'));
  tokens = await startTokenServer(await openDevelopmentIssuer(folder));
  tokens.allowPage(PAGE_PORT);
});
afterAll(async () => {
  await tokens.close();
  await rm(folder, { recursive: true });
});

/** Sends a request with the headers that a browser sets: the page that asks, and the name under which it asks. */
async function ask(query: string, headers: Readonly<Record<string, string>>) {
  const sent = request({ host: '127.0.0.1', port: tokens.port, path: `/?${query}`, agent: false, headers });
  sent.end();
  const [response] = await once(sent, 'response');
  const { 'access-control-allow-origin': allowed, 'cache-control': cacheControl } = response.headers;
  return { status: response.statusCode, allowed, cacheControl, body: await text(response) };
}

describe('the server of development tokens', () => {
  it.each([PAGE, `http://127.0.0.1:${PAGE_PORT}`, `http://[::1]:${PAGE_PORT}`])(
    'gives the documentation page at %s a token of the development issuer',
    async (origin) => {
      const { status, allowed, cacheControl, body } = await ask('role=customer&customerId=c1', { origin });
      expect([status, allowed, cacheControl]).toEqual([200, origin, 'no-store']);
      const keys = createLocalJWKSet(JSON.parse(await readFile(join(folder, 'jwks.json'), 'utf8')));
      const { payload } = await jwtVerify(body, keys);
      expect(payload).toMatchObject({ roles: ['customer'], customerId: 'c1' });
    },
  );

  it.each([
    ['of another site', 'https://attacker.example'],
    ['of another port of this machine', 'http://localhost:3000'],
    ['over TLS', `https://localhost:${PAGE_PORT}`],
    ['from a file or a sandboxed frame', 'null'],
    ['that does not say which one it is', undefined],
  ])('gives no token to a page %s', async (_which, origin) => {
    const { status, allowed, body } = await ask('role=admin', origin === undefined ? {} : { origin });
    expect([status, allowed]).toEqual([403, undefined]);
    expect(body).not.toContain('eyJ');
  });

  it('gives no token under a foreign host name', async () => {
    const { status, body } = await ask('role=admin', { origin: PAGE, host: `attacker.example:${tokens.port}` });
    expect(status).toBe(403);
    expect(body).not.toContain('eyJ');
  });
});
