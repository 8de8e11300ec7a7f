import type { FeedOptions, SqlQuerySpec } from '@azure/cosmos';
import { describe, expect, test } from 'vitest';
import { codeOf, useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb({
  compositeIndexes: [
    [
      { path: '/status', order: 'ascending' },
      { path: '/total', order: 'descending' },
    ],
  ],
});

/** Orders o0, o1, … with totals 0, 1, …, turn and turn about of customers c0 and c1. */
async function createOrders(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await createOrder(index);
}

async function createOrder(index: number): Promise<void> {
  const status = index < 3 ? 'shipped' : 'confirmed';
  await cosmos.container.items.create({ id: `o${index}`, customerId: `c${index % 2}`, total: index, status });
}

async function all(query: string | SqlQuerySpec, options?: FeedOptions): Promise<unknown[]> {
  return (await cosmos.container.items.query(query, options).fetchAll()).resources;
}

describe('what a query finds', () => {
  test('with a partition key only documents of that partition', async () => {
    await createOrders(6);
    expect(await all('SELECT VALUE c.id FROM c', { partitionKey: 'c1' })).toEqual(['o1', 'o3', 'o5']);
  });

  test('without one documents of all partitions', async () => {
    await createOrders(4);
    expect(await all('SELECT VALUE c.id FROM c')).toEqual(['o0', 'o1', 'o2', 'o3']);
  });

  test('what its WHERE with parameters says', async () => {
    await createOrders(6);
    const parameters = [{ name: '@least', value: 4 }];
    expect(await all({ query: 'SELECT VALUE c.id FROM c WHERE c.total >= @least', parameters })).toEqual(['o4', 'o5']);
  });

  test('in the order of ORDER BY', async () => {
    await createOrders(4);
    expect(await all('SELECT VALUE c.id FROM c ORDER BY c.total DESC')).toEqual(['o3', 'o2', 'o1', 'o0']);
  });

  test('in the order of two properties that have a composite index', async () => {
    await createOrders(5);
    const query = 'SELECT VALUE c.id FROM c ORDER BY c.status ASC, c.total DESC';
    expect(await all(query)).toEqual(['o4', 'o3', 'o2', 'o1', 'o0']);
  });

  test('two properties without a composite index are a 400', async () => {
    await createOrders(1);
    expect(await codeOf(all('SELECT * FROM c ORDER BY c.total, c.status'))).toBe(400);
  });

  test('COUNT and SUM over everything', async () => {
    await createOrders(5);
    expect([
      await all('SELECT VALUE COUNT(1) FROM c'),
      await all('SELECT VALUE SUM(c.total) FROM c', { partitionKey: 'c0' }),
    ]).toEqual([[5], [6]]);
  });

  test('elements of arrays by JOIN', async () => {
    await cosmos.container.items.create({ id: 'o1', customerId: 'c1', lines: [{ product: 'a' }, { product: 'b' }] });
    expect(await all('SELECT VALUE line.product FROM c JOIN line IN c.lines')).toEqual(['a', 'b']);
  });

  test('words by CONTAINS of LOWER', async () => {
    await cosmos.container.items.create({ id: 'o1', customerId: 'c1', text: 'Blue LAMP' });
    const parameters = [{ name: '@word', value: 'lamp' }];
    expect(await all({ query: 'SELECT VALUE c.id FROM c WHERE CONTAINS(LOWER(c.text), @word)', parameters })).toEqual([
      'o1',
    ]);
  });

  test.each([
    'SELECT c.id FROM c OFFSET 1 LIMIT 2',
    'SELECT c.status, COUNT(1) AS n FROM c GROUP BY c.status',
    'SELECT * FROM c WHERE CONTAINS(c.id, "O", true)',
    'SELECT DISTINCT VALUE c.status FROM c',
  ])('what the engine lacks is a 400: %s', async (query) => {
    await createOrders(1);
    expect(await codeOf(all(query))).toBe(400);
  });
});

describe('pages', () => {
  const query = 'SELECT VALUE c.id FROM c ORDER BY c.total DESC';
  const page = async (continuationToken?: string) => {
    const options = { maxItemCount: 2, partitionKey: 'c0', ...(continuationToken ? { continuationToken } : {}) };
    return cosmos.container.items.query(query, options).fetchNext();
  };

  test('a continuation token leads to the next page', async () => {
    await createOrders(8);
    const first = await page();
    expect((await page(first.continuationToken)).resources).toEqual(['o2', 'o0']);
  });

  test('the last page has no token', async () => {
    await createOrders(8);
    const first = await page();
    expect((await page(first.continuationToken)).continuationToken).toBeUndefined();
  });

  test('documents added before the token do not shift the next page', async () => {
    await createOrders(8);
    const first = await page();
    await createOrder(100);
    expect((await page(first.continuationToken)).resources).toEqual(['o2', 'o0']);
  });

  test('without ORDER BY every document comes once, also those replaced while reading', async () => {
    await createOrders(8);
    const ids: string[] = [];
    const pages = cosmos.container.items.query<string>('SELECT VALUE c.id FROM c', { maxItemCount: 3 });
    for await (const { resources } of pages.getAsyncIterator()) {
      ids.push(...resources);
      await cosmos.container.items.upsert({ id: 'o0', customerId: 'c0', total: 5 });
    }
    expect(ids).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7']);
  });

  test('a page is one request', async () => {
    await createOrders(8);
    cosmos.server.requests.reset();
    await page();
    expect(cosmos.server.requests.count()).toBe(1);
  });

  test('readAll reads all of a partition', async () => {
    await createOrders(4);
    const { resources } = await cosmos.container.items.readAll({ partitionKey: 'c1' }).fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(['o1', 'o3']);
  });
});
