import { CosmosClient } from '@azure/cosmos';
import { describe, expect, it } from 'vitest';
import { effectivePartitionKey } from '../../local/cosmos-db/partition-key-hash.ts';
import { codeOf, useCosmosDb } from './cosmos-db-fixture.ts';

describe('request units per second', () => {
  const START = 1_000_400;
  let time = START;
  const limited = useCosmosDb({}, { partitions: 4, requestUnitsPerSecond: 20, now: () => time });
  const writeTen = (customerId: string) =>
    limited.container.items.bulk(
      Array.from({ length: 10 }, (_, index) => ({
        operationType: 'Create' as const,
        partitionKey: customerId,
        resourceBody: { id: `${index}`, customerId },
      })),
    );

  it('are counted for each physical partition: a hot one throttles while the others answer', async () => {
    const quarterOf = (key: string) => effectivePartitionKey([key]).slice(0, 1);
    const [other = ''] = ['a', 'b', 'c', 'd', 'e', 'f'].filter((key) => quarterOf(key) !== quarterOf('hot'));
    const hot = await writeTen('hot');
    const cold = await writeTen(other);
    time += 1_000;
    const later = await writeTen('hot');
    expect(hot.map(({ statusCode }) => statusCode)).toEqual([...Array(4).fill(201), ...Array(6).fill(429)]);
    expect(hot[4]).toMatchObject({ retryAfterMilliseconds: 600 });
    expect([cold[0]?.statusCode, later[0]?.statusCode]).toEqual([201, 409]);
  });

  it('refuse queries, reads and batches of a hot partition, too', async () => {
    await writeTen('hot');
    const connectionPolicy = { retryOptions: { maxRetryAttemptCount: 0 } };
    const impatient = new CosmosClient({ connectionString: limited.server.connectionString, connectionPolicy });
    const container = impatient.database('orders').container(limited.container.id);
    const refusals = await Promise.all([
      codeOf(container.items.query('SELECT * FROM c', { partitionKey: 'hot' }).fetchAll()),
      codeOf(container.item('1', 'hot').read()),
      codeOf(container.items.batch([{ operationType: 'Read', id: '1' }], 'hot')),
    ]);
    impatient.dispose();
    expect(refusals.slice(0, 2)).toEqual([429, 429]);
    expect(limited.server.requests.count({ operation: 'Batch', status: 429 })).toBe(1);
  });
});

describe('time to live', () => {
  let time = Date.now();
  const cosmos = useCosmosDb({}, { now: () => time });
  const DAY = 86_400;

  async function withTtl(defaultTtl: number | undefined) {
    const { database } = await cosmos.client.databases.createIfNotExists({ id: 'expiring' });
    await database
      .container('orders')
      .delete()
      .catch(() => undefined);
    const definition = { id: 'orders', partitionKey: '/customerId', ...(defaultTtl !== undefined && { defaultTtl }) };
    const { container } = await database.containers.createIfNotExists(definition);
    const bodies = [{ id: 'kept' }, { id: 'a day', ttl: DAY }, { id: 'never', ttl: -1 }];
    for (const body of bodies) await container.items.create({ ...body, customerId: 'c' });
    return {
      container,
      ids: () => container.items.query('SELECT VALUE c.id FROM c', { partitionKey: 'c' }).fetchAll(),
    };
  }

  it.each([
    ['without a default, never', undefined, ['kept', 'a day', 'never']],
    ['with the default -1, by its own ttl', -1, ['kept', 'never']],
    ['with a default, unless it has its own', 2 * DAY, ['kept', 'never']],
    ['with a short default', 60, ['never']],
  ])('ends a document %s', async (_, defaultTtl, expected) => {
    const { ids } = await withTtl(defaultTtl);
    time += DAY * 1_000;
    expect((await ids()).resources).toEqual(expected);
  });

  it('begins again with each write, and then the id is free', async () => {
    const { container } = await withTtl(-1);
    time += (DAY - 1) * 1_000;
    await container.items.upsert({ id: 'a day', customerId: 'c', ttl: DAY });
    time += (DAY - 1) * 1_000;
    expect((await container.item('a day', 'c').read()).statusCode).toBe(200);
    time += 1_000;
    expect((await container.item('a day', 'c').read()).statusCode).toBe(404);
    expect((await container.items.create({ id: 'a day', customerId: 'c' })).statusCode).toBe(201);
  });
});
