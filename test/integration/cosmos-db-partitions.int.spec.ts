import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  type Container,
  type FeedOptions,
  PartitionKeyDefinitionVersion,
  PartitionKeyKind,
  type SqlQuerySpec,
} from '@azure/cosmos';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectivePartitionKey } from '../../local/cosmos-db/partition-key-hash.ts';
import { signatureOfPost, useCosmosDb } from './cosmos-db-fixture.ts';

/** The SDK exports no hash, but routes bulk requests by it. */
const require = createRequire(import.meta.url);
const sdk = dirname(require.resolve('@azure/cosmos/package.json'));
const { hashPartitionKey } = require(join(sdk, 'dist/commonjs/utils/hashing/hash.js'));

const PARTITIONS = 16;
const one = useCosmosDb();
const many = useCosmosDb({}, { partitions: PARTITIONS });
const both = [
  ['one physical partition', one],
  [`${PARTITIONS} physical partitions`, many],
] as const;

const ORDERS = Array.from({ length: 60 }, (_, index) => ({
  id: `o${index}`,
  customerId: `c${index % 20}`,
  total: (index * 7) % 60,
  status: index % 3 === 0 ? 'shipped' : 'confirmed',
}));

const write = (container: Container) =>
  container.items.bulk(ORDERS.map((resourceBody) => ({ operationType: 'Create' as const, resourceBody })));

async function all(container: Container, query: string | SqlQuerySpec, options?: FeedOptions): Promise<unknown[]> {
  return (await container.items.query(query, options).fetchAll()).resources;
}

/** What the server adds to a document differs. */
const withoutMetadata = (result: unknown): unknown =>
  typeof result === 'object' && result !== null
    ? Object.fromEntries(Object.entries(result).filter(([name]) => !name.startsWith('_')))
    : result;

describe('the effective partition key', () => {
  it('is the one that the SDK computes', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.double({ noNaN: true }),
      fc.boolean(),
      fc.constant(null),
      fc.constant({}),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
        const kind = values.length > 1 ? 'MultiHash' : 'Hash';
        expect(effectivePartitionKey(values)).toBe(hashPartitionKey(values, { kind, version: 2, paths: [] }));
      }),
      { numRuns: 200 },
    );
  });

  it('of a hierarchical key begins with that of its first value', () => {
    expect(effectivePartitionKey(['a', 'b']).startsWith(effectivePartitionKey(['a']))).toBe(true);
  });
});

describe('a query', () => {
  const shipped = { query: "SELECT VALUE c.id FROM c WHERE c.status = 'shipped' OR c.total < 10" };
  it.each<[string, string | SqlQuerySpec, FeedOptions?]>([
    ['sorted, with a limit', 'SELECT TOP 25 * FROM c WHERE c.total > 3 ORDER BY c.total DESC'],
    ['sorted, of some properties', "SELECT c.id, c.total AS sum FROM c WHERE c.status = 'shipped' ORDER BY c.total"],
    ['sorted, of values', 'SELECT VALUE c.id FROM c ORDER BY c.total DESC'],
    ['sorted, in small pages', 'SELECT VALUE c.total FROM c ORDER BY c.total', { maxItemCount: 2 }],
    ['that counts', "SELECT VALUE COUNT(1) FROM c WHERE c.status = 'confirmed'"],
    ['that adds up', 'SELECT VALUE SUM(c.total) FROM c'],
    ['of one customer, by the key', 'SELECT VALUE c.id FROM c ORDER BY c.total', { partitionKey: 'c3' }],
    ['of one customer, by a filter', "SELECT TOP 2 VALUE c.id FROM c WHERE c.customerId = 'c3' ORDER BY c.total"],
    ['of two customers', "SELECT VALUE c.id FROM c WHERE c.customerId IN ('c3', 'c4') ORDER BY c.total"],
    ['by its plan from the start', 'SELECT TOP 4 VALUE c.id FROM c ORDER BY c.total', { forceQueryPlan: true }],
    ['with words in texts', `SELECT TOP 3 VALUE c.id FROM c WHERE c.id != " FROM WHERE (" ORDER BY c.total`],
  ])('%s has the same results in the same order', async (_, query, options) => {
    const results = await Promise.all(
      both.map(async ([, { container }]) => {
        await write(container);
        // The SDK changes the options that it gets.
        return (await all(container, query, { ...options })).map(withoutMetadata);
      }),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[0]).not.toEqual([]);
  });

  it.each(both)('without an order returns each document once, with %s', async (_, cosmos) => {
    await write(cosmos.container);
    const found = await all(cosmos.container, shipped, { maxItemCount: 3 });
    const expected = ORDERS.filter(({ status, total }) => status === 'shipped' || total < 10).map(({ id }) => id);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('goes to one physical partition when it names the partition key', async () => {
    await write(many.container);
    many.server.requests.reset();
    await all(many.container, 'SELECT * FROM c ORDER BY c.total', { partitionKey: 'c3' });
    await all(many.container, "SELECT * FROM c WHERE c.customerId = 'c3' ORDER BY c.total");
    expect(many.server.requests.count()).toBe(2);
  });

  it('goes to each physical partition when it must be sorted, after the gateway has refused it', async () => {
    await write(many.container);
    many.server.requests.reset();
    await all(many.container, 'SELECT TOP 5 * FROM c ORDER BY c.total', { maxItemCount: 100 });
    const { requests } = many.server;
    expect([requests.count({ status: 400 }), requests.count({ status: 200 })]).toEqual([1, PARTITIONS]);
  });

  it('is not refused when the client asks for the plan first', async () => {
    await write(many.container);
    many.server.requests.reset();
    await all(many.container, 'SELECT TOP 5 * FROM c ORDER BY c.total', { maxItemCount: 100, forceQueryPlan: true });
    expect(many.server.requests.count()).toBe(PARTITIONS);
  });

  it('without an order goes through the physical partitions one after the other', async () => {
    await write(many.container);
    many.server.requests.reset();
    await all(many.container, shipped);
    expect(many.server.requests.count()).toBe(PARTITIONS);
  });
});

describe('a hierarchical partition key', () => {
  async function hierarchical() {
    const { database } = await many.client.databases.createIfNotExists({ id: 'hierarchical' });
    const partitionKey = {
      paths: ['/board', '/customerId'],
      kind: PartitionKeyKind.MultiHash,
      version: PartitionKeyDefinitionVersion.V2,
    };
    await database
      .container('boards')
      .delete()
      .catch(() => undefined);
    const { container } = await database.containers.createIfNotExists({ id: 'boards', partitionKey });
    await container.items.bulk(
      ORDERS.map((order, index) => ({
        operationType: 'Create' as const,
        partitionKey: [`b${index % 2}`, order.customerId],
        resourceBody: { ...order, board: `b${index % 2}` },
      })),
    );
    many.server.requests.reset();
    return container;
  }

  it('by its first values leads to the physical partitions that have them', async () => {
    const container = await hierarchical();
    const query = "SELECT TOP 50 VALUE c.id FROM c WHERE c.board = 'b1' ORDER BY c.total";
    expect(await all(container, query, { forceQueryPlan: true, maxItemCount: 100 })).toHaveLength(30);
    expect(many.server.requests.count()).toBe(1);
  });

  it('as a whole leads to one logical partition', async () => {
    const container = await hierarchical();
    const found = await all(container, 'SELECT VALUE c.id FROM c', { partitionKey: ['b1', 'c3'] });
    expect(found).toEqual(['o3', 'o23', 'o43']);
    expect((await container.item('o3', ['b1', 'c3']).read()).statusCode).toBe(200);
  });
});

describe('a bulk', () => {
  it('goes in one request to each physical partition that it has operations for', async () => {
    many.server.requests.reset();
    const responses = await write(many.container);
    const { requests } = many.server;
    expect(new Set(responses.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(requests.operations({ operation: 'Bulk' })).toBe(ORDERS.length);
    expect(requests.count({ operation: 'Bulk' })).toBeLessThanOrEqual(PARTITIONS);
    expect(requests.count({ operation: 'Bulk' })).toBeGreaterThan(PARTITIONS / 4);
  });
});

it('refuses a request for a physical partition that does not exist, so that the client asks for them again', async () => {
  const { server, container } = many;
  const response = await fetch(`${server.endpoint}/dbs/orders/colls/${container.id}/docs`, {
    method: 'POST',
    headers: {
      ...(await signatureOfPost(server, `dbs/orders/colls/${container.id}`)),
      'content-type': 'application/query+json',
      'x-ms-documentdb-partitionkeyrangeid': '99',
    },
    body: '{"query":"SELECT * FROM c"}',
  });
  expect([response.status, response.headers.get('x-ms-substatus')]).toEqual([410, '1002']);
});
