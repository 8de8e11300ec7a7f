import { afterEach, describe, expect, it } from 'vitest';
import { startAiSearch } from '../../local/ai-search/server.ts';
import { indexDefinition } from '../../src/shared/search/index-definition.ts';
import { type SearchService, searchOpener } from '../../src/shared/search/open-search.ts';
import type { SearchDocument } from '../../src/shared/search/search-document.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import { indexService } from '../../src/sync/search/index-service.ts';
import { SearchFault } from '../../src/sync/search/search-fault.ts';
import { uploadChanges } from '../../src/sync/search/upload.ts';
import { SimulatedSearch } from '../simulation/edges/search.ts';
import { Process } from '../simulation/kernel/process.ts';
import { settledIn } from '../simulation/kernel/settled.ts';
import { World } from '../simulation/kernel/world.ts';

/** How the service fails: not at all, whole requests, or every other document of a request. */
type Failure = 'none' | 'requests' | 'documents';

/** Azure AI Search as the sync app uses it. */
interface Service {
  readonly search: SearchService;
  readonly runtime: Parameters<typeof uploadChanges>[2];
  /** The versions of the documents of an index by key; undefined when there is no such index. */
  documents(name: string): Readonly<Record<string, number>> | undefined;
  recover(): void;
  settled<Result>(result: Promise<Result>): Promise<Result>;
}

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

const versions = (documents: Iterable<{ readonly key?: unknown; readonly version?: unknown }>) =>
  Object.fromEntries(Array.from(documents, ({ key, version }) => [String(key), Number(version)]));

async function withTheSdk(failure: Failure): Promise<Service> {
  const server = await startAiSearch({ port: 0 });
  opened.push(server);
  const { endpoint, apiKey } = server;
  const fault = { status: 503, operation: 'IndexDocuments', documents: failure === 'documents' } as const;
  const recover = failure === 'none' ? () => undefined : server.injectFault(fault);
  return {
    search: await searchOpener({ endpoint, apiKey, clientId: undefined })(),
    runtime: { ...systemRuntime, delay: async () => undefined },
    documents: (name) => {
      const hits = server.index(name)?.search({ kind: 'all' });
      return hits && versions(hits.map(({ document }) => document));
    },
    recover: () => void recover(),
    settled: (result) => result,
  };
}

async function inTheSimulation(failure: Failure): Promise<Service> {
  const rates = { none: {}, requests: { 'search 503': 1 }, documents: { 'search document 503': 1 } };
  const world = new World({ seed: 1, kinds: 'all' }, rates[failure], false);
  const service = new SimulatedSearch(world);
  const process = new Process(world, 'process', 1);
  if (failure === 'requests') service.indexes.set(INDEX, new Map());
  return {
    search: service.serviceOf(process),
    runtime: process.runtime,
    documents: (name) => {
      const documents = service.indexes.get(name);
      return documents && versions(documents.values());
    },
    recover: () => world.calm(),
    settled: (result) => settledIn(world, result),
  };
}

const INDEX = 'orders-v1-1';

const document = (key: string, version: number): SearchDocument => ({
  ...{ key, version, sortKey: key, sortTime: version, status: null, document: '{}' },
  ...{ words: ['lamp'], text: 'lamp', orderWords: [], orderText: '' },
});

describe.each([
  ['the SDK with the stand-in', withTheSdk],
  ['the simulation', inTheSimulation],
])('Azure AI Search with %s', (_name, open) => {
  const ready = async (failure: Failure) => {
    const service = await open(failure);
    const { search, runtime, settled } = service;
    if (service.documents(INDEX) === undefined) await settled(indexService(async () => search).create(INDEX));
    const upload = (uploads: readonly SearchDocument[], deletes: readonly string[] = []) =>
      settled(uploadChanges(search.documents(INDEX), { uploads, deletes }, runtime));
    return { ...service, upload };
  };

  it('has an index once it is created, and not after it is deleted', async () => {
    const { search, settled, documents } = await open('none');
    const service = indexService(async () => search);
    expect(await settled(service.exists(INDEX))).toBe(false);
    await settled(service.create(INDEX));
    expect([await settled(service.exists(INDEX)), documents(INDEX)]).toEqual([true, {}]);
    await settled(service.delete(INDEX));
    await settled(service.delete(INDEX));
    expect(await settled(service.exists(INDEX))).toBe(false);
  });

  it('refuses to create an index that exists', async () => {
    const { search, settled } = await ready('none');
    await expect(settled(search.indexes.createIndex(indexDefinition(INDEX)))).rejects.toMatchObject({
      statusCode: 409,
    });
  });

  it('keeps the last upload of each document, and nothing of a deleted one', async () => {
    const { upload, documents } = await ready('none');
    await upload([document('a', 1), document('b', 1), document('c', 1)]);
    await upload([document('a', 2)], ['b', 'unknown']);
    expect(documents(INDEX)).toEqual({ a: 2, c: 1 });
  });

  it('refuses documents for an index that does not exist', async () => {
    const { search, runtime, settled } = await open('none');
    const changes = { uploads: [document('a', 1)], deletes: [] };
    await expect(settled(uploadChanges(search.documents(INDEX), changes, runtime))).rejects.toThrow(SearchFault);
  });

  it.each(['requests', 'documents'] as const)('takes %s again after it has refused them', async (failure) => {
    const { upload, documents, recover } = await ready(failure);
    await expect(upload([document('a', 1)])).rejects.toThrow(SearchFault);
    expect(documents(INDEX)).toEqual({});
    recover();
    await upload([document('a', 1)]);
    expect(documents(INDEX)).toEqual({ a: 1 });
  });
});
