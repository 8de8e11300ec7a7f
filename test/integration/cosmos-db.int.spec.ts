import { CosmosClient } from '@azure/cosmos';
import { describe, expect, test } from 'vitest';
import { startCosmosDb } from '../../local/cosmos-db/server.ts';
import { codeOf, type Order, useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb();
const order: Order = { id: 'o1', customerId: 'c1', total: 10 };

describe('databases and containers', () => {
  test('createIfNotExists finds what is there', async () => {
    const { database } = cosmos.container;
    const again = await database.containers.createIfNotExists({ id: cosmos.container.id, partitionKey: '/customerId' });
    expect(again.statusCode).toBe(200);
  });

  test('a container that is not there is a 404', async () => {
    expect(await codeOf(cosmos.container.database.container('none').items.create({ ...order }))).toBe(404);
  });

  test('a container that was deleted comes back empty', async () => {
    await cosmos.container.items.create({ ...order });
    await cosmos.container.delete();
    const definition = { id: cosmos.container.id, partitionKey: '/customerId' };
    const { container } = await cosmos.container.database.containers.create(definition);
    expect((await container.item('o1', 'c1').read()).statusCode).toBe(404);
  });

  test('a client with another key is refused', async () => {
    const connectionString = cosmos.server.connectionString.replace(/AccountKey=[^;]+/, 'AccountKey=Z3Vlc3M=');
    const client = new CosmosClient(connectionString);
    const container = client.database(cosmos.container.database.id).container(cosmos.container.id);
    expect(await codeOf(container.items.create({ ...order }))).toBe(401);
    expect(await codeOf(container.item('o1', 'c1').read())).toBe(401);
    client.dispose();
  });

  test('a request without a signature is refused', async () => {
    const answers = ['/', '/dbs', `/dbs/orders/colls/${cosmos.container.id}/docs`].map((path) =>
      fetch(cosmos.server.endpoint + path).then(({ status }) => status),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set([401]));
  });

  test('the client is sent back to the same server for reads and writes', async () => {
    const account = await cosmos.client.getDatabaseAccount();
    const locations = [...(account.resource?.writableLocations ?? []), ...(account.resource?.readableLocations ?? [])];
    expect(locations.map((location) => location.databaseAccountEndpoint)).toEqual([
      `${cosmos.server.endpoint}/`,
      `${cosmos.server.endpoint}/`,
    ]);
  });
});

describe('documents', () => {
  test('create, read, replace, upsert and delete answer as the service does', async () => {
    const { items } = cosmos.container;
    const item = cosmos.container.item('o1', 'c1');
    const statuses = [
      (await items.create({ ...order })).statusCode,
      (await item.read()).statusCode,
      (await item.replace({ ...order, total: 20 })).statusCode,
      (await items.upsert({ ...order, total: 30 })).statusCode,
      (await items.upsert({ ...order, id: 'o2' })).statusCode,
      (await item.delete()).statusCode,
      (await item.read()).statusCode,
    ];
    expect(statuses).toEqual([201, 200, 200, 200, 201, 204, 404]);
  });

  test('an id that is taken in the partition is a 409', async () => {
    await cosmos.container.items.create({ ...order });
    expect(await codeOf(cosmos.container.items.create({ ...order }))).toBe(409);
  });

  test('the same id in another partition is another document', async () => {
    await cosmos.container.items.create({ ...order, note: 'of c1' });
    await cosmos.container.items.create({ ...order, customerId: 'c2', note: 'of c2' });
    expect((await cosmos.container.item('o1', 'c1').read()).resource.note).toBe('of c1');
  });

  test.each(['with space', 'ünï-日本-🙂', 'a~b', '50%', 'a+b&c=d', "it's", 'a:b,c'])(
    'the id %s round trips',
    async (id) => {
      await cosmos.container.items.create({ id, customerId: id });
      expect((await cosmos.container.item(id, id).read()).resource.id).toBe(id);
    },
  );

  test('a document over 2 MB is a 413', async () => {
    expect(await codeOf(cosmos.container.items.create({ ...order, note: 'x'.repeat(2 * 1024 * 1024) }))).toBe(413);
  });

  test('replacing a document that is not there is a 404', async () => {
    expect(await codeOf(cosmos.container.item('o1', 'c1').replace({ ...order }))).toBe(404);
  });

  test('a partition key cannot be changed', async () => {
    await cosmos.container.items.create({ ...order });
    expect(await codeOf(cosmos.container.item('o1', 'c1').replace({ ...order, customerId: 'c2' }))).toBe(400);
  });
});

describe('etags', () => {
  const match = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });

  test('every write gives a new one', async () => {
    const first = await cosmos.container.items.create({ ...order });
    const second = await cosmos.container.item('o1', 'c1').replace({ ...order });
    expect(second.etag).not.toBe(first.etag);
  });

  test('the answer and the document carry the same one', async () => {
    const { etag, resource } = await cosmos.container.items.create({ ...order });
    expect(resource?._etag).toBe(etag);
  });

  test.each(['replace', 'upsert', 'delete', 'patch'] as const)('a %s with an old one is a 412', async (operation) => {
    const { etag } = await cosmos.container.items.create({ ...order });
    const item = cosmos.container.item('o1', 'c1');
    await item.replace({ ...order, total: 20 });
    const calls = {
      replace: () => item.replace({ ...order }, match(etag)),
      upsert: () => cosmos.container.items.upsert({ ...order }, match(etag)),
      delete: () => item.delete(match(etag)),
      patch: () => item.patch([{ op: 'set', path: '/total', value: 1 }], match(etag)),
    };
    expect(await codeOf(calls[operation]())).toBe(412);
  });

  test('a replace with the current one succeeds', async () => {
    const { etag } = await cosmos.container.items.create({ ...order });
    const replaced = await cosmos.container.item('o1', 'c1').replace({ ...order, total: 20 }, match(etag));
    expect(replaced.resource?.total).toBe(20);
  });

  test('a read of what the caller has is a 304', async () => {
    const { etag } = await cosmos.container.items.create({ ...order });
    const accessCondition = { type: 'IfNoneMatch', condition: etag };
    expect((await cosmos.container.item('o1', 'c1').read({ accessCondition })).statusCode).toBe(304);
  });
});

describe('patch', () => {
  const item = () => cosmos.container.item('o1', 'c1');
  const create = () => cosmos.container.items.create({ ...order, tags: ['a', 'c'], address: { city: 'Bern' } });

  test('add, set, replace, remove and incr change what they name', async () => {
    await create();
    const { resource } = await item().patch([
      { op: 'add', path: '/tags/1', value: 'b' },
      { op: 'add', path: '/tags/-', value: 'd' },
      { op: 'set', path: '/address/zip', value: '3000' },
      { op: 'replace', path: '/tags/0', value: 'A' },
      { op: 'incr', path: '/total', value: 5 },
      { op: 'incr', path: '/views', value: 1 },
      { op: 'remove', path: '/tags/2' },
    ]);
    expect(resource).toMatchObject({
      tags: ['A', 'b', 'd'],
      address: { city: 'Bern', zip: '3000' },
      total: 15,
      views: 1,
    });
  });

  test('one operation that cannot be applied leaves the document as it was', async () => {
    await create();
    await codeOf(
      item().patch([
        { op: 'set', path: '/total', value: 99 },
        { op: 'replace', path: '/none', value: 1 },
      ]),
    );
    expect((await item().read()).resource.total).toBe(10);
  });

  test('a condition is kept as it is written, upper case and all', async () => {
    await cosmos.container.items.create({ ...order, note: 'Paid' });
    const condition = "from c where c.note = 'Paid'";
    const operations = [{ op: 'set' as const, path: '/total', value: 11 }];
    expect((await item().patch({ condition, operations })).resource.total).toBe(11);
  });

  test('a condition that is not met is a 412', async () => {
    await create();
    const operations = [{ op: 'set' as const, path: '/total', value: 11 }];
    expect(await codeOf(item().patch({ condition: 'from c where c.total > 10', operations }))).toBe(412);
  });
});

describe('counting and charging', () => {
  test('a read of 1 KB costs 1 request unit and a write 5, as published', async () => {
    const created = await cosmos.container.items.create({ ...order });
    const read = await cosmos.container.item('o1', 'c1').read();
    expect([created.requestCharge, read.requestCharge]).toEqual([5, 1]);
  });

  test('a read of 100 KB costs 10 request units, as published', async () => {
    await cosmos.container.items.create({ ...order, note: 'x'.repeat(99 * 1024) });
    expect((await cosmos.container.item('o1', 'c1').read()).requestCharge).toBe(10);
  });

  test('requests are counted by operation, container and status', async () => {
    await cosmos.container.items.create({ ...order });
    await codeOf(cosmos.container.items.create({ ...order }));
    const { requests } = cosmos.server;
    const { id: container } = cosmos.container;
    expect([
      requests.count({ operation: 'Create', container }),
      requests.count({ operation: 'Create', container, status: 409 }),
      requests.count({ operation: 'Read', container }),
    ]).toEqual([2, 1, 0]);
  });

  test('after a reset nothing is counted', async () => {
    await cosmos.container.items.create({ ...order });
    cosmos.server.requests.reset();
    expect([cosmos.server.requests.count(), cosmos.server.requests.requestCharge()]).toEqual([0, 0]);
  });
});

describe('starting and closing', () => {
  test('a port in use is refused with the code EADDRINUSE', async () => {
    expect(await codeOf(startCosmosDb({ port: cosmos.server.port }))).toBe('EADDRINUSE');
  });

  test('it closes although a client keeps its connection, and frees the port', async () => {
    const first = await startCosmosDb({ port: 0 });
    const client = new CosmosClient(first.connectionString);
    await client.getDatabaseAccount();
    await first.close();
    const second = await startCosmosDb({ port: first.port });
    await second.close();
    client.dispose();
    expect(second.port).toBe(first.port);
  });
});
