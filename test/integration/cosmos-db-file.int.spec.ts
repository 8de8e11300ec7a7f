import { setTimeout } from 'node:timers/promises';
import { BulkOperationType, type Container, CosmosClient } from '@azure/cosmos';
import { describe, expect, it } from 'vitest';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { startStandIn, temporaryFile } from '../support/stand-in-process.ts';
import { codeOf } from './cosmos-db-fixture.ts';

const DEFINITION = {
  id: 'orders',
  partitionKey: '/customerId',
  indexingPolicy: {
    compositeIndexes: [
      [
        { path: '/total' as const, order: 'ascending' as const },
        { path: '/id' as const, order: 'ascending' as const },
      ],
    ],
  },
};

describe('Cosmos DB in a file: a restart', () => {
  it('keeps documents with their etags, times and resource ids', async () => {
    const file = await temporaryFile('cosmos.db');
    const read = async (container: Container) => (await container.item('o1', 'c1').read()).resource;
    const before = await run(file, async (container) => {
      await container.items.create({ id: 'o1', customerId: 'c1', total: 1 });
      await container.items.upsert({ id: 'o1', customerId: 'c1', total: 2 });
      return read(container);
    });
    expect(before).toMatchObject({ total: 2, _etag: expect.any(String), _ts: expect.any(Number) });
    expect(await run(file, read)).toEqual(before);
  });

  it('refuses an etag that was replaced before it', async () => {
    const file = await temporaryFile('cosmos.db');
    const [stale] = await run(file, async (container) => {
      const { etag } = await container.items.create({ id: 'o1', customerId: 'c1' });
      await container.items.upsert({ id: 'o1', customerId: 'c1', total: 2 });
      return [etag];
    });
    const code = await run(file, (container) => {
      const options = { accessCondition: { type: 'IfMatch', condition: stale } };
      return codeOf(container.item('o1', 'c1').replace({ id: 'o1', customerId: 'c1' }, options));
    });
    expect(code).toBe(412);
  });

  it('keeps deletions and the results of a batch, a bulk request and a patch', async () => {
    const file = await temporaryFile('cosmos.db');
    await run(file, async (container) => {
      const create = (id: string) => ({
        operationType: BulkOperationType.Create,
        resourceBody: { id, customerId: 'c1' },
      });
      await container.items.batch([create('a'), create('b'), create('c')], 'c1');
      await container.items.batch([create('d'), create('a')], 'c1'); // a is taken, so there is no d
      await container.items.bulk([{ operationType: BulkOperationType.Delete, id: 'b', partitionKey: 'c1' }]);
      await container.item('c', 'c1').patch([{ op: 'add', path: '/total', value: 7 }]);
    });
    expect(await run(file, totals)).toEqual([{ id: 'a' }, { id: 'c', total: 7 }]);
  });

  it('continues a query from a continuation token issued before it', async () => {
    const file = await temporaryFile('cosmos.db');
    const page = (container: Container, continuationToken?: string) =>
      container.items
        .query('SELECT c.id FROM c', { maxItemCount: 2, ...(continuationToken && { continuationToken }) })
        .fetchNext();
    const token = await run(file, async (container) => {
      for (const id of ['1', '2', '3', '4']) await container.items.create({ id, customerId: id });
      return (await page(container)).continuationToken;
    });
    const next = await run(file, async (container) => {
      await container.items.create({ id: '5', customerId: '5' });
      return [await page(container, token), (await page(container)).resources];
    });
    expect(next).toMatchObject([{ resources: [{ id: '3' }, { id: '4' }] }, [{ id: '1' }, { id: '2' }]]);
  });

  it('keeps containers with their partition keys and indexes', async () => {
    const file = await temporaryFile('cosmos.db');
    const read = async (container: Container) => (await container.read()).resource;
    const before = await run(file, read);
    expect(await run(file, read, { create: false })).toEqual(before);
  });

  it('does not bring back a deleted container or its documents', async () => {
    const file = await temporaryFile('cosmos.db');
    await run(file, async (container) => {
      await container.items.create({ id: 'o1', customerId: 'c1' });
      await container.delete();
    });
    const found = await run(file, async (container) => (await container.item('o1', 'c1').read()).statusCode);
    expect(found).toBe(404);
  });
});

describe('Cosmos DB in a file', () => {
  it('has every acknowledged write after a kill -9', async () => {
    const file = await temporaryFile('cosmos.db');
    const { connectionString, kill } = await startStandIn('cosmos-db', { port: 0, file });
    const client = new CosmosClient({ connectionString, connectionPolicy: { retryOptions: NO_RETRY } });
    const container = await containerOf(client);
    const answered = new Map<string, number>();
    const writing = Promise.allSettled(
      ['a', 'b', 'c', 'd'].map(async (id) => {
        for (let total = 1; ; total++) {
          await container.items.upsert({ id, customerId: 'c1', total });
          answered.set(id, total);
        }
      }),
    );
    while ((answered.get('d') ?? 0) < 30) await setTimeout(5);
    await kill();
    await writing;
    client.dispose();
    const kept = await run(file, totals);
    const behind = kept.filter(({ id, total = 0 }) => total < (answered.get(id) ?? 0));
    expect({ documents: kept.length, behind }).toEqual({ documents: 4, behind: [] });
  });

  it('refuses a file that another instance has open', async () => {
    const file = await temporaryFile('cosmos.db');
    await run(file, async () => {
      await expect(startCosmosDb({ port: 0, file })).rejects.toThrow('database is locked');
    });
  });
});

const NO_RETRY = { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 1, maxWaitTimeInSeconds: 0 };

async function containerOf(client: CosmosClient): Promise<Container> {
  const { database } = await client.databases.createIfNotExists({ id: 'db' });
  return (await database.containers.createIfNotExists(DEFINITION)).container;
}

async function totals(container: Container): Promise<{ id: string; total?: number }[]> {
  const query = container.items.query<{ id: string; total?: number }>('SELECT c.id, c.total FROM c ORDER BY c.id');
  return (await query.fetchAll()).resources;
}

/** Runs a server on the file until the work is done. */
async function run<T>(
  file: string,
  work: (container: Container) => Promise<T>,
  { create = true }: { create?: boolean } = {},
): Promise<T> {
  const server = await startCosmosDb({ port: 0, file });
  const client = new CosmosClient(server.connectionString);
  try {
    return await work(create ? await containerOf(client) : client.database('db').container(DEFINITION.id));
  } finally {
    client.dispose();
    await server.close();
  }
}
