import { describe, expect, it, vi } from 'vitest';
import { indexName } from '../../../src/shared/search/index-definition.ts';
import { NO_INDEX } from '../../../src/shared/search/index-names.ts';
import { PRODUCTS_LIST } from '../../../src/shared/search/search-lists.ts';
import { SearchFault } from '../../../src/sync/search/search-fault.ts';
import { createSearchIndexer } from '../../../src/sync/search/search-indexer.ts';
import type { Step } from '../../support/projections/memory-documents.ts';
import { MemoryIndexes, MemoryIndexStore } from '../../support/search/memory-indexes.ts';

const SERVING = indexName(PRODUCTS_LIST, 1);
const BUILDING = indexName(PRODUCTS_LIST, 2);
const atOnce: Step = async (_name, work) => work();
vi.spyOn(console, 'warn').mockImplementation(() => undefined);

/** Products with one index that answers, and one that is being filled. */
function products() {
  const versions = new Map<string, number>();
  const indexes = new MemoryIndexes(SERVING, BUILDING);
  const store = new MemoryIndexStore(SERVING);
  store.names = { ...NO_INDEX, serving: SERVING, building: BUILDING };
  const faulty = new Set<string>();
  const refused = new Set<string>();
  let now = 0;
  const documentOf = (productId: string) => ({
    etag: String(versions.get(productId)),
    document: {
      productId,
      version: versions.get(productId),
      words: [],
      sortKey: `2026-01-01T00:00:00.000Z|${productId}`,
    },
  });
  const indexer = createSearchIndexer(PRODUCTS_LIST, {
    generation: 2,
    store: store.seenBy(atOnce),
    documents: {
      read: async (targets) =>
        targets.map(({ partitionKey, ids }) => new Map(ids.map((id) => [id, documentOf(partitionKey)]))),
    },
    page: async () => ({ records: [...versions.keys()].map(recordOf), next: null }),
    service: indexes.service(atOnce),
    upload: async (name, changes) => {
      if (faulty.has(name)) throw new SearchFault('The service is down.');
      const isRefused = ({ document }: { readonly document: string }) => refused.has(JSON.parse(document).productId);
      const uploads = changes.uploads.filter((upload) => !isRefused(upload));
      await indexes.upload(atOnce)(name, { ...changes, uploads });
      return new Map(changes.uploads.filter(isRefused).map(({ key }) => [key, 400]));
    },
    runtime: { now: () => now, monotonicMs: () => now },
  });
  return {
    ...{ indexer, store, faulty, refused },
    /** The versions in an index, by product. */
    indexed: (name: string) =>
      Object.fromEntries(
        indexes.documents(name).map(({ document, version }) => [JSON.parse(document).productId, version]),
      ),
    /** Writes a version of products, as a projection does. */
    change: (version: number, ...productIds: readonly string[]) => {
      for (const productId of productIds) versions.set(productId, version);
      return indexer.update(productIds.map((productId) => ({ partitionKey: productId, ids: ['!product'] })));
    },
    /** Runs the timer, a minute after its last run. */
    maintain: () => {
      now += 60_000;
      return indexer.maintain(now + 10_000);
    },
  };
}

const recordOf = (partitionKey: string) => ({ partitionKey, id: '!product' });

describe('an index that cannot be filled', () => {
  it('neither pauses nor postpones changes of the index that answers', async () => {
    const { indexer, faulty, change, indexed } = products();
    faulty.add(BUILDING);
    await change(1, 'lamp');
    await change(2, 'lamp');
    expect(indexed(SERVING)).toEqual({ lamp: 2 });
    expect(await indexer.countPending()).toBe(1);
  });

  it('is named, and keeps nothing that is pending out of the index that answers', async () => {
    const { indexer, faulty, change, maintain, indexed } = products();
    faulty.add(BUILDING).add(SERVING);
    await change(1, 'lamp', 'desk');
    faulty.delete(SERVING);
    await expect(maintain()).rejects.toThrow(`${BUILDING} cannot be built: The service is down.`);
    expect(indexed(SERVING)).toEqual({ lamp: 1, desk: 1 });
    expect(await indexer.countPending()).toBe(2);
  });

  it('answers with all changes once it could be filled, and nothing stays pending for the one that it replaces', async () => {
    const { indexer, store, faulty, change, maintain, indexed } = products();
    faulty.add(BUILDING);
    await change(1, 'lamp', 'desk');
    faulty.clear();
    faulty.add(SERVING);
    await change(2, 'lamp');
    await expect(maintain()).rejects.toThrow(`${SERVING} lacks changes: The service is down.`);
    expect([store.names.serving, indexed(BUILDING)]).toEqual([BUILDING, { lamp: 2, desk: 1 }]);
    await maintain();
    expect(store.names.replaced).toEqual([]);
    expect([await indexer.countPending(), await store.seenBy(atOnce).countPending(SERVING)]).toEqual([0, 0]);
  });
});

describe('a record that the index refuses', () => {
  it('stays pending, and keeps no other pending record out', async () => {
    const { indexer, store, faulty, refused, change, maintain, indexed } = products();
    store.names = { ...NO_INDEX, serving: BUILDING };
    faulty.add(BUILDING);
    const ids = Array.from({ length: 250 }, (_, number) => `p${number}`);
    await change(1, ...ids);
    faulty.clear();
    refused.add('p7');
    await expect(maintain()).rejects.toThrow('1 documents were refused: status 400.');
    expect([Object.keys(indexed(BUILDING)).length, await indexer.countPending()]).toEqual([249, 1]);
    refused.clear();
    await maintain();
    expect([Object.keys(indexed(BUILDING)).length, await indexer.countPending()]).toEqual([250, 0]);
  });

  it('neither pauses nor postpones changes of other records', async () => {
    const { indexer, store, refused, change, indexed } = products();
    store.names = { ...NO_INDEX, serving: SERVING };
    refused.add('desk');
    await change(1, 'lamp', 'desk');
    await change(2, 'lamp');
    expect([indexed(SERVING), await indexer.countPending()]).toEqual([{ lamp: 2 }, 1]);
  });

  it('ends the filling of an index, so that no index answers that lacks it', async () => {
    const { store, refused, change, maintain } = products();
    store.names = { ...NO_INDEX, serving: SERVING };
    refused.add('desk');
    await change(1, 'lamp', 'desk');
    await expect(maintain()).rejects.toThrow(`${BUILDING} cannot be built: 1 documents were refused: status 400.`);
    expect(store.names.serving).toBe(SERVING);
  });
});
