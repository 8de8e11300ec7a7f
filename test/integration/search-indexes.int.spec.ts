import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AiSearchServer } from '../../local/ai-search/server.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { ORDERS_LIST } from '../../src/shared/search/search-lists.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import type { Target } from '../../src/sync/projections/projection.ts';
import { TransientFault } from '../../src/sync/projector/bulk.ts';
import { forgetIndexes } from '../../src/sync/search/forget-indexes.ts';
import type { SearchIndexer } from '../../src/sync/search/search-indexer.ts';
import { customerChanged, customerRegistered, productAdded } from '../support/events/events.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { openSearchFixture, type SearchFixture } from '../support/search/search-fixture.ts';

let fixture: SearchFixture;
let aiSearch: AiSearchServer;
beforeEach(async () => {
  fixture = await openSearchFixture('ai-search');
  if (fixture.aiSearch === undefined) throw new Error('There is no Azure AI Search.');
  aiSearch = fixture.aiSearch;
});
afterEach(() => fixture.close());

const ORDERS = 'orders-v1-1';
const NEXT_ORDERS = 'orders-v1-2';

/** An order of a minute; placed orders have different sort keys. */
const order = (orderId: string, minute: number, version = 1): EventEnvelope =>
  orderEvent(orderId, version, { placedAt: new Date(Date.UTC(2026, 0, 15, 10, minute)).toISOString() });

const foundIds = async (query = ''): Promise<readonly string[]> => {
  const { status, body } = await fixture.get(`/orders?limit=100${query}`);
  expect([status, body]).toEqual([200, body]);
  return body.items.map(({ orderId }: { readonly orderId: string }) => orderId);
};

const pending = async () =>
  (await Promise.all(fixture.indexers.map(({ countPending }) => countPending()))).reduce((a, b) => a + b);

/** The records of the index of orders, by key, without what only the service makes. */
const indexed = (name = ORDERS) => JSON.stringify(aiSearch.index(name)?.search({ kind: 'all' }) ?? []);

/** An indexer whose clock a test can set: it never waits, and no pause after a fault lasts. */
function indexersAt(now: () => number, generation = 1): readonly SearchIndexer[] {
  let monotonic = 1;
  const monotonicMs = () => (monotonic += 60_000);
  return fixture.indexersOf(generation, { ...systemRuntime, now, monotonicMs, delay: async () => undefined });
}

describe('a search', () => {
  it('is one request to the service and none to Cosmos DB, apart from the name of the index', async () => {
    await fixture.project([order('order-1', 1)]);
    await fixture.maintain();
    fixture.cosmosDb.requests.reset();
    aiSearch.requests.reset();
    expect(await foundIds('&q=lamp')).toEqual(['order-1']);
    expect(aiSearch.requests.count({ operation: 'SearchDocuments', index: ORDERS })).toBe(1);
    expect(fixture.cosmosDb.requests.count({ operation: 'Query' })).toBe(0);
    expect(fixture.cosmosDb.requests.count()).toBe(1);
  });

  it('is answered by Cosmos DB until the index is complete, and its pages continue in the index', async () => {
    await fixture.project([1, 2, 3].map((number) => order(`order-${number}`, number)));
    const first = await fixture.get('/orders?limit=2');
    expect(aiSearch.requests.count()).toBe(0);
    await fixture.maintain();
    const rest = await fixture.get(`/orders?limit=2&continuationToken=${first.body.continuationToken}`);
    expect(aiSearch.requests.count({ operation: 'SearchDocuments' })).toBe(1);
    const ids = [...first.body.items, ...rest.body.items].map(({ orderId }: { readonly orderId: string }) => orderId);
    expect(ids).toEqual(['order-3', 'order-2', 'order-1']);
  });

  it('is answered by Cosmos DB when the index is gone, until it is built again', async () => {
    await fixture.project([order('order-1', 1)]);
    await fixture.maintain();
    await fetch(`${aiSearch.endpoint}/indexes/${ORDERS}?api-version=2026-04-01`, {
      method: 'DELETE',
      headers: { 'api-key': aiSearch.apiKey },
    });
    expect(await foundIds('&q=lamp')).toEqual(['order-1']);
    await fixture.maintain();
    expect(aiSearch.index(ORDERS)?.size).toBe(1);
  });

  it('refuses a continuation token that was changed', async () => {
    await fixture.project([1, 2].map((number) => order(`order-${number}`, number)));
    await fixture.maintain();
    const { body } = await fixture.get('/orders?limit=1');
    const list = Buffer.from(body.continuationToken, 'base64url').toString().slice(0, 8);
    const token = Buffer.from(`${list}yesterday|order-2`).toString('base64url');
    const { status, body: problem } = await fixture.get(`/orders?limit=1&continuationToken=${token}`);
    expect([status, problem.errors]).toMatchObject([400, [{ path: 'continuationToken' }]]);
  });

  it('returns 503 while the service is down', async () => {
    await fixture.maintain();
    aiSearch.setAvailable(false);
    const { status, body } = await fixture.get('/products?q=lamp');
    expect([status, body.code]).toEqual([503, 'unavailable']);
  });
});

describe('a batch of orders', () => {
  it('costs two reads of the orders, one of the names of the indexes, and one upload, in addition to its projection', async () => {
    await fixture.maintain();
    const events = Array.from({ length: 50 }, (_, number) => order(`order-${number}`, number));
    await fixture.project(events);
    const requests = async (indexers?: readonly SearchIndexer[]) => {
      fixture.cosmosDb.requests.reset();
      await fixture.project(events, indexers);
      return fixture.cosmosDb.requests.count({ container: 'searchable_orders' });
    };
    aiSearch.requests.reset();
    const projection = await requests([]);
    expect(aiSearch.requests.count()).toBe(0);
    expect(await requests()).toBe(projection + 2);
    // One for the orders, one for their customer. Products get none for an order that moves no stock again.
    expect(fixture.cosmosDb.requests.count({ container: 'search_indexes' })).toBe(aiSearch.requests.count());
    expect(aiSearch.requests.count({ index: ORDERS })).toBe(1);
  });
});

describe('records that the service does not take', () => {
  it.each([
    ['429 for a request', { status: 429 }],
    ['503 for a request', { status: 503 }],
    ['500 for a request', { status: 500 }],
    ['409 for some documents', { status: 409, documents: true }],
    ['422 for some documents', { status: 422, documents: true }],
    ['503 for some documents', { status: 503, documents: true }],
    ['400 for some documents', { status: 400, documents: true }],
  ] as const)('(%s) are projected all the same, and indexed later', async (_what, fault) => {
    await fixture.maintain();
    const stop = aiSearch.injectFault({ operation: 'IndexDocuments', ...fault });
    const indexers = indexersAt(systemRuntime.now).filter(({ list }) => list === ORDERS_LIST);
    await fixture.project([order('order-1', 1), order('order-2', 2)], indexers);
    await fixture.project([order('order-1', 1, 2)], indexers);
    stop();
    expect(await pending()).toBeGreaterThan(0);
    await fixture.maintain();
    expect(await pending()).toBe(0);
    expect((await fixture.get('/orders')).body.items).toMatchObject([{ version: 1 }, { version: 2 }]);
  });

  it('do not keep other records of the same upload out of the index', async () => {
    await fixture.maintain();
    aiSearch.injectFault({ operation: 'IndexDocuments', status: 400, documents: true, times: 1 });
    await fixture.project([order('order-1', 1), order('order-2', 2)], fixture.indexers.slice(0, 1));
    expect([aiSearch.index(ORDERS)?.size, await pending()]).toEqual([1, 1]);
  });

  it('again and again keep no other pending record out of the index', async () => {
    await fixture.maintain();
    aiSearch.setAvailable(false);
    const orders = fixture.indexers.filter(({ list }) => list === ORDERS_LIST);
    const events = Array.from({ length: 130 }, (_, number) => order(`order-${number}`, number));
    await fixture.project(events, orders);
    aiSearch.setAvailable(true);
    const stop = aiSearch.injectFault({ operation: 'IndexDocuments', status: 400, documents: true });
    await expect(fixture.maintain(orders)).rejects.toThrow('65 documents were refused: status 400.');
    expect([aiSearch.index(ORDERS)?.size, await pending()]).toEqual([65, 65]);
    stop();
    await fixture.maintain(orders);
    expect([aiSearch.index(ORDERS)?.size, await pending()]).toEqual([130, 0]);
  });

  it('for a moment are indexed by a retry', async () => {
    await fixture.maintain();
    aiSearch.injectFault({ operation: 'IndexDocuments', status: 503, documents: true, times: 2 });
    await fixture.project([order('order-1', 1), order('order-2', 2)]);
    expect(await pending()).toBe(0);
    expect(await foundIds()).toEqual(['order-2', 'order-1']);
  });

  it('because it is down cost each further batch no attempt, and are indexed when it is back', async () => {
    await fixture.maintain();
    aiSearch.setAvailable(false);
    await fixture.project([order('order-1', 1)]);
    const started = performance.now();
    await fixture.project([order('order-2', 2)]);
    expect(performance.now() - started).toBeLessThan(1_000);
    aiSearch.setAvailable(true);
    await fixture.maintain();
    expect(await foundIds()).toEqual(['order-2', 'order-1']);
  });
});

describe('a system that was without the service for a while', () => {
  it('builds the indexes again, so that they have what has changed meanwhile', async () => {
    await fixture.project([order('order-1', 1)]);
    await fixture.maintain();
    await forgetIndexes(fixture.database, systemRuntime);
    await fixture.project([order('order-2', 2)], []);
    expect(await foundIds()).toEqual(['order-2', 'order-1']);
    await fixture.maintain();
    expect(aiSearch.index(ORDERS)?.size).toBe(2);
  });
});

describe('an event that is delivered again after a crash', () => {
  it('indexes the document that was written before the crash', async () => {
    await fixture.maintain();
    await fixture.project([order('order-1', 1)], []);
    expect(await foundIds()).toEqual([]);
    await fixture.project([order('order-1', 1)]);
    expect(await foundIds()).toEqual(['order-1']);
  });
});

describe('a new generation of an index', () => {
  it('is filled beside the old one, which answers until the new one is complete', async () => {
    await fixture.project(Array.from({ length: 130 }, (_, number) => order(`order-${number}`, number)));
    await fixture.maintain();
    // The clock advances with each question, so that the run ends after the first page of records.
    let now = 0;
    const next = indexersAt(() => (now += 1), 2).find(({ list }) => list === ORDERS_LIST);
    await next?.maintain(now + 7);
    expect(aiSearch.index(NEXT_ORDERS)?.size).toBe(100);
    await fixture.project([order('order-3', 3, 2), order('order-new', 10_000)]);
    aiSearch.requests.reset();
    expect((await foundIds())[0]).toBe('order-new');
    expect(aiSearch.requests.count({ operation: 'SearchDocuments', index: ORDERS })).toBe(1);
    await next?.maintain(Number.POSITIVE_INFINITY);
    expect((await foundIds())[0]).toBe('order-new');
    expect(aiSearch.requests.count({ operation: 'SearchDocuments', index: NEXT_ORDERS })).toBe(1);
    expect(aiSearch.index(NEXT_ORDERS)?.size).toBe(131);
    expect(JSON.stringify((await fixture.get('/orders?q=order%203&to=2026-01-15T10:03:00Z')).body.items)).toContain(
      '"version":2',
    );
  });

  it('replaces the old one, which is deleted a minute after the switch', async () => {
    await fixture.maintain();
    let now = Date.UTC(2026, 0, 15);
    const next = indexersAt(() => now, 2);
    const maintain = () => Promise.all(next.map((one) => one.maintain(Number.POSITIVE_INFINITY)));
    await maintain();
    now += 59_000;
    await maintain();
    expect(aiSearch.index(ORDERS)).toBeDefined();
    now += 1_000;
    await maintain();
    expect(aiSearch.index(ORDERS)).toBeUndefined();
    expect(await foundIds()).toEqual([]);
  });

  it('that is not wanted any more is not filled further', async () => {
    await fixture.project(Array.from({ length: 130 }, (_, number) => order(`order-${number}`, number)));
    await fixture.maintain();
    let now = 0;
    const next = indexersAt(() => (now += 1), 2).find(({ list }) => list === ORDERS_LIST);
    await next?.maintain(now + 7);
    await fixture.maintain();
    await fixture.project([order('order-new', 10_000)]);
    expect(aiSearch.index(NEXT_ORDERS)?.size).toBe(100);
    expect((await foundIds())[0]).toBe('order-new');
  });
});

describe('an index', () => {
  it('has nothing of an erased customer, in the index that answers and in the one that is being filled', async () => {
    const person = { name: 'Zerlina Quirk', email: 'zerlina.quirk@example.org' };
    const registered = customerRegistered({ aggregateId: 'shopper' });
    const orders = Array.from({ length: 101 }, (_, number) => {
      const { placedAt } = orderEvent('x', 1, {
        placedAt: new Date(Date.UTC(2026, 0, 15, 0, number)).toISOString(),
      }).order;
      return orderEvent(`order-${number}`, 1, { customerId: 'shopper', customerName: person.name, placedAt });
    });
    await fixture.project([{ ...registered, customer: { ...registered.customer, ...person } }, ...orders]);
    await fixture.maintain();
    let now = 0;
    for (const one of indexersAt(() => (now += 1), 2)) await one.maintain(now + 7);
    // The index of one customer is complete: its new one answers already.
    const names = ['orders-v1-1', 'orders-v1-2', 'customers-v1-2'];
    for (const name of names) expect(indexed(name)).toMatch(/Zerlina/);
    await fixture.project([customerChanged({ aggregateId: 'shopper', version: 2 })]);
    for (const name of names) expect(indexed(name)).not.toMatch(/Zerlina|Quirk/i);
    expect(aiSearch.index('orders-v1-2')?.size).toBe(101);
    expect((await fixture.get('/customers?q=zerlina&match=similar')).body).toMatchObject({
      items: [],
      suggestions: [],
    });
  });
});

describe('a batch that fails after its documents were written', () => {
  it('is indexed when it is delivered again, with the orders of a customer who was erased or renamed', async () => {
    const named = (customerName: string) => orderEvent('order-1', 1, { customerId: 'shopper', customerName });
    const registered = customerRegistered({ aggregateId: 'shopper' });
    await fixture.project([registered, named('Zerlina Quirk')]);
    await fixture.maintain();
    const failing = fixture.indexers.map((indexer) => ({
      ...indexer,
      update: async (targets: readonly Target[]) => {
        if (targets.some(({ ids }) => ids.includes('order-1'))) throw new TransientFault('The process ends here.');
      },
    }));
    const renamed = customerChanged({ aggregateId: 'shopper', version: 2 }, 'Ottoline Quirk');
    for (const [event, wanted] of [
      [renamed, /Ottoline/],
      [customerChanged({ aggregateId: 'shopper', version: 3 }), /\[erased\]/],
    ] as const) {
      await expect(fixture.project([event], failing)).rejects.toThrow('ends here');
      expect(indexed()).not.toMatch(wanted);
      await fixture.project([event]);
      expect(indexed()).toMatch(wanted);
    }
  });
});

describe('a search with match=similar', () => {
  const product = (productId: string, name: string): EventEnvelope => {
    const added = productAdded({ aggregateId: productId });
    return { ...added, product: { ...added.product, productId, name } };
  };
  const similar = async (path: string, role?: 'admin' | 'analyst') => {
    const { status, body } = await fixture.get(`${path}&match=similar`, role);
    expect([status, body]).toEqual([200, body]);
    return body;
  };
  beforeEach(async () => {
    await fixture.maintain();
    await fixture.project([
      product('p1', 'Wooden lamp'),
      product('p2', 'Wooden lamps and lampshades'),
      product('p3', 'Glass bowl'),
      orderEvent('order-1', 1, { customerName: 'Zoë Müller' }),
    ]);
  });

  it('finds words with typing errors, without regard to case and accents', async () => {
    expect((await similar('/products?q=WODDEN')).items).toHaveLength(2);
    expect((await similar('/products?q=glss')).items).toMatchObject([{ productId: 'p3' }]);
    expect((await similar('/customers?q=x')).items).toEqual([]);
    expect((await similar('/orders?q=muler')).items).toMatchObject([{ orderId: 'order-1' }]);
  });

  it('has the most similar record first', async () => {
    const { items } = await similar('/products?q=lamp');
    expect(items.map(({ productId }: { readonly productId: string }) => productId)).toEqual(['p1', 'p2']);
  });

  it('suggests words that complete the text', async () => {
    expect((await similar('/products?q=wooden%20lamp')).suggestions).toEqual(
      expect.arrayContaining(['wooden lamp', 'wooden lamps', 'wooden lampshades']),
    );
  });

  it('neither finds nor suggests names for analysts', async () => {
    expect(await similar('/orders?q=muller', 'analyst')).toEqual({ items: [], suggestions: [] });
    const { items, suggestions } = await similar('/orders?q=desk', 'analyst');
    expect(items).toMatchObject([{ orderId: 'order-1' }]);
    expect(items[0]).not.toHaveProperty('customerName');
    expect(suggestions).toEqual(['desk']);
  });

  it('meets the other filters', async () => {
    expect((await similar('/orders?q=desk&status=confirmed')).items).toEqual([]);
    expect((await similar('/orders?q=desk&from=2026-01-16')).items).toEqual([]);
  });

  it.each([
    ['/products?match=similar', 'q'],
    ['/products?q=lamp&match=similar&continuationToken=abcd', 'continuationToken'],
    ['/products?q=lamp&match=exact', 'match'],
  ])('is refused with 400: %s', async (path, parameter) => {
    const { status, body } = await fixture.get(path);
    expect([status, body.errors]).toMatchObject([400, [{ path: parameter }]]);
  });

  it('is refused with 400 where Cosmos DB is searched', async () => {
    const cosmos = await openSearchFixture('cosmos-db');
    const { status, body } = await cosmos.get('/products?q=lamp&match=similar');
    await cosmos.close();
    expect([status, body.errors]).toMatchObject([400, [{ path: 'match' }]]);
  });
});
