import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FunctionsHostProcess, spawnFunctionsHost } from '../../local/functions-host/spawn.ts';
import { type LocalAzure, startLocalAzure } from '../../local/local-azure.ts';
import { APPS } from '../../scripts/bundle/options.ts';
import { packageFiles } from '../../scripts/package/packages.ts';
import { zip } from '../../scripts/package/zip.ts';
import { REPORTS } from '../../src/queries/reports/report.ts';
import { eventually } from '../support/system/api-client.ts';
import { entriesOf, unzip } from '../support/system/unzip.ts';

const execute = promisify(execFile);
/** The app itself, and what opens a browser to sign a developer in, which no app does. */
const NOT_ALONE = /^(index\.cjs|open-[A-Z0-9]{8}\.cjs)$/;

const viewFile = ({ view }: { readonly view: string }) => `views/${view}.sql`;

const ROOT = resolve(import.meta.dirname, '../..');

describe.each(APPS)('the package of %s', (app) => {
  it('is reproducible: it has the same bytes for any order of its files', async () => {
    const files = await packageFiles(ROOT, app);

    expect((await zip(files)).equals(await zip([...files].reverse()))).toBe(true);
  });

  it('contains the bundle and its companion files, but no settings or source maps', async () => {
    const entries = entriesOf(await zip(await packageFiles(ROOT, app)));
    const filesOutsideDocs = entries.map(({ name }) => name).filter((name) => !name.startsWith('docs/'));

    const views = app === 'queries' ? Object.values(REPORTS).map(viewFile) : [];
    const companions = ['host.json', 'index.cjs', 'package.json', ...views];
    const loadedLater = filesOutsideDocs.filter((name) => !companions.includes(name));
    expect(filesOutsideDocs).toEqual(expect.arrayContaining(companions));
    expect(loadedLater.filter((name) => !/^[\w.-]+-[A-Z0-9]{8}\.cjs$/.test(name))).toEqual([]);
    expect(loadedLater.filter((name) => name.includes('duckdb'))).toEqual([]);
    expect(entries.some(({ name }) => name === 'docs/openapi.json')).toBe(app === 'queries');
    expect(new Set(entries.map(({ mode }) => mode.toString(8)))).toEqual(new Set(['100644']));
  });
});

describe('a package', () => {
  let folder: string;
  let azure: LocalAzure;
  const hosts: FunctionsHostProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-package-'));
    const ports = { eventHubs: 0, cosmosDb: 0, webPubSub: 0, blob: 0, queue: 0, table: 0 };
    azure = await startLocalAzure(ports, folder, { searchPort: 0 });
  });

  afterAll(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
    await azure.close();
    await rm(folder, { recursive: true });
  });

  it.each(APPS)('runs without the rest of the repository: %s reports that it is ready', async (app) => {
    await unzip(await zip(await packageFiles(ROOT, app)), join(folder, app));
    const host = await spawnFunctionsHost({
      root: join(folder, app),
      env: {
        ...azure.settings,
        AUTH_ISSUER: 'urn:orders:development-issuer',
        AUTH_AUDIENCE: 'api://orders',
        AUTH_ALLOWED_CLIENTS: 'orders-development',
        SQL_CONNECTION_STRING: `sqlite:${folder}/orders.db`,
        SEARCH_SCHEDULE: '* * * * * *',
      },
    });
    hosts.push(host);
    const response = await fetch(`${host.url}/api/health/ready`);

    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { status: 'ready' },
    });
  });

  it.each(APPS)('has only files that can be loaded on their own: %s', async (app) => {
    const files = (await readdir(join(folder, app))).filter((name) => name.endsWith('.cjs') && !NOT_ALONE.test(name));
    const load = `for (const file of ${JSON.stringify(files)}) require(join(${JSON.stringify(join(folder, app))}, file))`;
    const { stdout } = await execute(process.execPath, [
      '-e',
      `const { join } = require('node:path'); ${load}; console.log('loaded')`,
    ]);

    expect(files.length).toBeGreaterThan(20);
    expect(stdout).toContain('loaded');
  });

  it('loads the SDK of Azure AI Search from its own file: sync builds the indexes, and queries search them', async () => {
    const token = await azure.issuer.sign({ roles: ['admin'], lifetime: 600 });
    const queries = hosts[APPS.indexOf('queries')];
    const searches = () => azure.aiSearch?.requests.count({ operation: 'SearchDocuments', status: 200 }) ?? 0;
    const status = await eventually(
      async () => {
        const response = await fetch(`${queries?.url}/api/products?q=lamp`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return response.status;
      },
      () => searches() > 0,
    );
    expect(status).toBe(200);
  });
});
