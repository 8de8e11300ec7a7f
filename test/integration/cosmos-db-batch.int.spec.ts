import type { OperationInput } from '@azure/cosmos';
import { describe, expect, test } from 'vitest';
import { codeOf, signatureOfPost, useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb();

const document = (id: string, total = 0) => ({ id, customerId: 'c1', total });
const create = (id: string): OperationInput => ({ operationType: 'Create', resourceBody: document(id) });
const upsert = (id: string, total = 0): OperationInput => ({
  operationType: 'Upsert',
  resourceBody: document(id, total),
});
const batch = (operations: OperationInput[]) => cosmos.container.items.batch(operations, 'c1');
const statuses = async (operations: OperationInput[]) =>
  (await batch(operations)).result?.map(({ statusCode }) => statusCode);
const statusOf = async (id: string) => (await cosmos.container.item(id, 'c1').read()).statusCode;

describe('a batch that succeeds', () => {
  test('does every kind of operation', async () => {
    await cosmos.container.items.create(document('there'));
    expect(
      await statuses([
        create('new'),
        upsert('there', 1),
        { operationType: 'Read', id: 'there' },
        { operationType: 'Replace', id: 'there', resourceBody: document('there', 2) },
        { operationType: 'Patch', id: 'there', resourceBody: [{ op: 'incr', path: '/total', value: 1 }] },
        { operationType: 'Delete', id: 'new' },
      ]),
    ).toEqual([201, 200, 200, 200, 200, 204]);
  });

  test('answers 200', async () => {
    expect((await batch([create('o1')])).code).toBe(200);
  });

  test('reads what it wrote itself', async () => {
    const { result } = await batch([upsert('o1', 7), { operationType: 'Read', id: 'o1' }]);
    expect(result?.[1]?.resourceBody).toMatchObject({ id: 'o1', total: 7 });
  });

  test('can delete a document and create it again', async () => {
    await cosmos.container.items.create(document('o1', 1));
    await batch([
      { operationType: 'Delete', id: 'o1' },
      { operationType: 'Create', resourceBody: document('o1', 2) },
    ]);
    const { resources } = await cosmos.container.items.query('SELECT VALUE c.total FROM c').fetchAll();
    expect(resources).toEqual([2]);
  });

  test('can create a document again after another one, and a query finds both page by page', async () => {
    await cosmos.container.items.create(document('o1'));
    await batch([create('a'), create('b'), { operationType: 'Delete', id: 'a' }, create('a')]);
    const { resources } = await cosmos.container.items.query('SELECT * FROM c', { maxItemCount: 1 }).fetchAll();
    expect(resources.map(({ id }) => id)).toEqual(['o1', 'b', 'a']);
  });

  test('is one request, with its operations counted one by one', async () => {
    await batch([create('o1'), create('o2')]);
    const { requests } = cosmos.server;
    expect([requests.count(), requests.operations({ operation: 'Batch' })]).toEqual([1, 2]);
  });
});

describe('a batch in which one operation fails', () => {
  test('gives that one its status and the others 424', async () => {
    await cosmos.container.items.create(document('taken'));
    expect(await statuses([create('o1'), create('taken'), create('o2')])).toEqual([424, 409, 424]);
  });

  test('answers 207', async () => {
    await cosmos.container.items.create(document('taken'));
    expect((await batch([create('o1'), create('taken')])).code).toBe(207);
  });

  test('leaves nothing behind of what was created before it', async () => {
    await cosmos.container.items.create(document('taken'));
    await batch([create('o1'), create('taken')]);
    expect(await statusOf('o1')).toBe(404);
  });

  test('leaves a changed document with its old etag', async () => {
    const { etag } = await cosmos.container.items.create(document('o1'));
    await batch([upsert('o1', 99), { operationType: 'Read', id: 'none' }]);
    expect((await cosmos.container.item('o1', 'c1').read()).etag).toBe(etag);
  });

  test('leaves a deleted document in place', async () => {
    await cosmos.container.items.create(document('o1'));
    await batch([
      { operationType: 'Delete', id: 'o1' },
      { operationType: 'Read', id: 'none' },
    ]);
    expect(await statusOf('o1')).toBe(200);
  });
});

describe('conditions', () => {
  test('an old etag fails the batch with 412', async () => {
    await cosmos.container.items.create(document('o1'));
    const replace = { operationType: 'Replace', id: 'o1', ifMatch: '"old"', resourceBody: document('o1', 1) } as const;
    expect(await statuses([create('o2'), replace])).toEqual([424, 412]);
  });

  test('the current etag lets it through', async () => {
    const { etag } = await cosmos.container.items.create(document('o1'));
    const replace = { operationType: 'Replace', id: 'o1', ifMatch: etag, resourceBody: document('o1', 1) } as const;
    expect(await statuses([create('o2'), replace])).toEqual([201, 200]);
  });

  test('of many writers with one etag exactly one gets through, with its whole batch', async () => {
    const { etag } = await cosmos.container.items.create(document('summary'));
    const writers = Array.from({ length: 20 }, (_, index) =>
      batch([
        create(`entry-${index}`),
        { operationType: 'Replace', id: 'summary', ifMatch: etag, resourceBody: document('summary', 1) },
      ]),
    );
    await Promise.all(writers);
    const { resources } = await cosmos.container.items
      .query('SELECT VALUE c.id FROM c WHERE STARTSWITH(c.id, "entry-")')
      .fetchAll();
    expect(resources).toHaveLength(1);
  });
});

describe('limits', () => {
  test('the SDK refuses more than 100 operations', async () => {
    const operations = Array.from({ length: 101 }, (_, index) => create(`o${index}`));
    await expect(batch(operations)).rejects.toThrow('more than 100 operations');
  });

  test('100 operations go through', async () => {
    const operations = Array.from({ length: 100 }, (_, index) => create(`o${index}`));
    expect((await batch(operations)).code).toBe(200);
  });

  test('the server refuses more than 100 operations that another client sends', async () => {
    const { database, id } = cosmos.container;
    const answer = await fetch(`${cosmos.server.endpoint}/dbs/${database.id}/colls/${id}/docs`, {
      method: 'POST',
      headers: {
        ...(await signatureOfPost(cosmos.server, `dbs/${database.id}/colls/${id}`)),
        'x-ms-cosmos-is-batch-request': 'True',
        'x-ms-cosmos-batch-atomic': 'True',
        'x-ms-documentdb-partitionkey': '["c1"]',
      },
      body: JSON.stringify(Array.from({ length: 101 }, (_, index) => create(`o${index}`))),
    });
    await answer.text();
    expect(answer.status).toBe(400);
  });

  test('more than 2 MB is refused and nothing of it stored', async () => {
    const large = (id: string): OperationInput => ({
      operationType: 'Create',
      resourceBody: { ...document(id), note: 'x'.repeat(1_200_000) },
    });
    await codeOf(batch([large('o1'), large('o2')]));
    expect([cosmos.server.requests.count({ status: 413 }), await statusOf('o1')]).toEqual([1, 404]);
  });

  test('a document of another partition fails the batch', async () => {
    const other: OperationInput = { operationType: 'Create', resourceBody: { id: 'o2', customerId: 'c2' } };
    expect(await statuses([create('o1'), other])).toEqual([424, 400]);
  });
});
