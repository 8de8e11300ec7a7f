import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openDevelopmentIssuer } from '../../local/development-issuer.ts';
import { spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { createMasterKey } from '../../local/master-key-file.ts';

// The real host loads the files that match "main" in package.json in no fixed order.
const ORDERS = [
  ['commands', 'queries', 'sync'],
  ['commands', 'sync', 'queries'],
  ['queries', 'commands', 'sync'],
  ['queries', 'sync', 'commands'],
  ['sync', 'commands', 'queries'],
  ['sync', 'queries', 'commands'],
] as const;

let folder: string;
let settings: Readonly<Record<string, string>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-order-'));
  const issuer = await openDevelopmentIssuer(join(folder, 'issuer'));
  await createMasterKey(join(folder, 'master-key.json'));
  settings = {
    SQL_CONNECTION_STRING: `sqlite:${join(folder, 'orders.db')}`,
    // Nothing listens on these ports: only what is loaded matters.
    EventHubConnection:
      'Endpoint=sb://localhost:1;SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true',
    CosmosConnection: 'AccountEndpoint=http://localhost:1/;AccountKey=bG9jYWw=;',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=local;AccountKey=bG9jYWw=;BlobEndpoint=http://127.0.0.1:1/local;',
    WebPubSubConnection:
      'Endpoint=http://localhost:1;AccessKey=local-web-pubsub-access-key-that-protects-nothing;Version=1.0;',
    AUTH_ISSUER: 'urn:orders:development-issuer',
    AUTH_AUDIENCE: 'api://orders',
    AUTH_JWKS_URI: issuer.jwksUri,
    MASTER_KEY: `file:${join(folder, 'master-key.json')}`,
  };
});
afterAll(() => rm(folder, { recursive: true }));

/** The functions of the app whose bundles are loaded in this order, and the status of one route of each bundle. */
async function loadIn(order: readonly string[]) {
  const root = await mkdtemp(join(folder, 'app-'));
  await Promise.all([
    writeFile(join(root, 'package.json'), '{ "main": "*.cjs" }'),
    writeFile(join(root, 'host.json'), '{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }'),
    ...order.map((app, index) =>
      writeFile(join(root, `${index}.cjs`), `require(${JSON.stringify(resolve('dist', app, 'index.cjs'))});`),
    ),
  ]);
  const host = await spawnFunctionsHost({ root, env: settings });
  onTestFinished(() => host.stop());
  const status = async (path: string, method = 'GET') => (await fetch(`${host.url}${path}`, { method })).status;
  return {
    functions: host.functions.map(({ name, type }) => `${type} ${name}`).toSorted(),
    statuses: [
      await status('/api/health/live'),
      await status('/api/commands', 'POST'),
      await status('/api/orders/order-1'),
      await status('/api/admin/lag'),
    ],
  };
}

it('the app is the same in whatever order its bundles are loaded', async () => {
  const [first, ...others] = await Promise.all(ORDERS.map(loadIn));
  expect(first?.functions).toContain('eventHubTrigger projectOrderDetails');
  expect(first?.statuses).toEqual([200, 401, 401, 401]);
  for (const other of others) expect(other).toEqual(first);
});
