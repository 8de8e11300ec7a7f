import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { type LocalAzure, startLocalAzure } from '../../local/local-azure.ts';
import { APPS, packageFiles } from '../../scripts/package/packages.ts';
import { zip } from '../../scripts/package/zip.ts';
import { entriesOf, unzip } from '../support/system/unzip.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe.each(APPS)('the package of %s', (app) => {
  it('has the same bytes whenever it is made, whatever the order of its files', async () => {
    const files = await packageFiles(ROOT, app);

    expect((await zip(files)).equals(await zip([...files].reverse()))).toBe(true);
  });

  it('has the bundle and what belongs to it, and no settings or source maps', async () => {
    const entries = entriesOf(await zip(await packageFiles(ROOT, app)));
    const besides = entries.map(({ name }) => name).filter((name) => !name.startsWith('docs/'));

    expect(besides).toEqual(['host.json', 'index.cjs', 'package.json']);
    expect(entries.some(({ name }) => name === 'docs/openapi.json')).toBe(app === 'queries');
    expect(new Set(entries.map(({ mode }) => mode.toString(8)))).toEqual(new Set(['100644']));
  });
});

describe('the packages', () => {
  let folder: string;
  let azure: LocalAzure;
  const hosts: FunctionsHostProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-package-'));
    azure = await startLocalAzure({ eventHubs: 0, cosmosDb: 0, blob: 0, queue: 0, table: 0 }, folder);
  });

  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    await azure.close();
    await rm(folder, { recursive: true });
  });

  it.each(APPS)('run where nothing else is: %s reports that it and all it needs are there', async (app) => {
    await unzip(await zip(await packageFiles(ROOT, app)), join(folder, app));
    const host = await spawnFunctionsHost({
      root: join(folder, app),
      env: {
        ...azure.settings,
        AUTH_ISSUER: 'urn:orders:development-issuer',
        AUTH_AUDIENCE: 'api://orders',
        SQL_CONNECTION_STRING: `sqlite:${folder}/orders.db`,
      },
    });
    hosts.push(host);
    const response = await fetch(`${host.url}/api/health/ready`);

    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { status: 'ready' },
    });
  });
});
