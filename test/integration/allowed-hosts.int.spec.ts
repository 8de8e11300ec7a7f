import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FOREIGN_HOST } from '../../local/allowed-hosts.ts';
import { startAzurite } from '../../local/azurite.ts';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { startWebPubSub } from '../../local/web-pubsub/server.ts';

const REBOUND = 'attacker.example';

/** Sends a request to a port of this machine under a host name, as a browser does after DNS rebinding. */
async function send(port: number, host: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = request({ port, host: '127.0.0.1', path: '/', agent: false, headers: { host, ...headers } });
  sent.end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await text(response) };
}

const refusal = { status: 403, body: `${FOREIGN_HOST}\n` };

async function startServer(name: string): Promise<readonly number[]> {
  switch (name) {
    case 'Cosmos DB': {
      const server = await startCosmosDb({ port: 0 });
      onTestFinished(() => server.close());
      return [server.port];
    }
    case 'Web PubSub': {
      const server = await startWebPubSub({ port: 0 });
      onTestFinished(() => server.close());
      return [server.port];
    }
    case 'Storage': {
      const server = await startAzurite({ blobPort: 0, queuePort: 0, tablePort: 0 });
      onTestFinished(() => server.close());
      return [server.blobPort, server.queuePort, server.tablePort];
    }
    default: {
      const host = await spawnFunctionsHost({ root: 'test/fixtures/functions-app', port: 0 });
      onTestFinished(() => host.stop());
      return [host.port];
    }
  }
}

describe.each(['Cosmos DB', 'Web PubSub', 'Storage', 'Functions host'])('%s on this machine', (name) => {
  it('refuses requests under a foreign host name and answers those under its own', async () => {
    for (const port of await startServer(name)) {
      expect(await send(port, `${REBOUND}:${port}`)).toEqual(refusal);
      for (const own of ['localhost', '127.0.0.1', '[::1]']) {
        expect((await send(port, `${own}:${port}`)).body).not.toContain(FOREIGN_HOST);
      }
    }
  });
});

describe('Web PubSub on this machine', () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16).toString('base64'),
  };

  it('refuses to open a WebSocket under a foreign host name', async () => {
    const [port = 0] = await startServer('Web PubSub');
    expect(await send(port, REBOUND, upgrade)).toEqual({ status: 403, body: '' });
    expect((await send(port, `localhost:${port}`, upgrade)).status).toBe(404);
  });

  it('refuses to open a WebSocket for a web page of another site', async () => {
    const [port = 0] = await startServer('Web PubSub');
    const open = (origin: string) => send(port, `localhost:${port}`, { ...upgrade, origin });
    expect(await open('https://attacker.example')).toEqual({ status: 403, body: '' });
    expect((await open('http://localhost:7071')).status).toBe(404);
  });
});
