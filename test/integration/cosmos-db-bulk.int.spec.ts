import type { OperationInput } from '@azure/cosmos';
import { describe, expect, test } from 'vitest';
import { useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb();

const upsert = (id: string, customerId = 'c1'): OperationInput => ({
  operationType: 'Upsert',
  partitionKey: customerId,
  resourceBody: { id, customerId, total: 10 },
});
const at = (id: string) => ({ id, partitionKey: 'c1' });
const bulk = async (operations: OperationInput[]) =>
  (await cosmos.container.items.bulk(operations)).map(({ statusCode }) => statusCode);

describe('items.bulk', () => {
  test('each kind of operation has its own status', async () => {
    await bulk([upsert('there')]);
    const statuses = await bulk([
      { operationType: 'Create', partitionKey: 'c1', resourceBody: { id: 'new', customerId: 'c1' } },
      { operationType: 'Create', partitionKey: 'c1', resourceBody: { id: 'there', customerId: 'c1' } },
      upsert('there'),
      { operationType: 'Read', ...at('there') },
      { operationType: 'Read', ...at('none') },
      { operationType: 'Replace', ...at('there'), resourceBody: { id: 'there', customerId: 'c1', total: 20 } },
      { operationType: 'Patch', ...at('there'), resourceBody: [{ op: 'incr', path: '/total', value: 1 }] },
      { operationType: 'Delete', ...at('new') },
    ]);
    expect(statuses).toEqual([201, 409, 200, 200, 404, 200, 200, 204]);
  });

  test('an operation sees what the one before it did', async () => {
    const [, read] = await cosmos.container.items.bulk([upsert('o1'), { operationType: 'Read', ...at('o1') }]);
    expect(read?.resourceBody).toMatchObject({ id: 'o1', total: 10 });
  });

  test('operations go to their own partitions', async () => {
    await bulk([upsert('o1', 'c1'), upsert('o1', 'c2')]);
    expect((await cosmos.container.item('o1', 'c2').read()).statusCode).toBe(200);
  });

  test('an old etag is a 412 for its operation alone', async () => {
    await bulk([upsert('o1')]);
    const statuses = await bulk([
      { operationType: 'Replace', ...at('o1'), ifMatch: '"old"', resourceBody: { id: 'o1', customerId: 'c1' } },
      upsert('o2'),
    ]);
    expect(statuses).toEqual([412, 201]);
  });

  test('the etag of an answer is good for the next write', async () => {
    const [written] = await cosmos.container.items.bulk([upsert('o1')]);
    const ifMatch = written?.eTag ?? '';
    const replace = { operationType: 'Replace', ...at('o1'), resourceBody: { id: 'o1', customerId: 'c1' } } as const;
    expect(await bulk([{ ...replace, ifMatch }])).toEqual([200]);
  });

  test('without continueOnError what comes after a failure is a 424', async () => {
    const operations: OperationInput[] = [{ operationType: 'Delete', ...at('none') }, upsert('o1')];
    const answers = await cosmos.container.items.bulk(operations, { continueOnError: false });
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 424]);
  });

  test('it is one request, with its operations counted one by one', async () => {
    await bulk([upsert('o1'), upsert('o2'), upsert('o3')]);
    const { requests } = cosmos.server;
    expect([requests.count({ operation: 'Bulk' }), requests.operations({ operation: 'Bulk' })]).toEqual([1, 3]);
  });

  test('it is charged the sum of its operations', async () => {
    await bulk([upsert('o1'), upsert('o2')]);
    expect(cosmos.server.requests.requestCharge({ operation: 'Bulk' })).toBe(10);
  });
});

describe('items.executeBulkOperations', () => {
  test('the SDK splits more than 100 operations', async () => {
    const operations = Array.from({ length: 250 }, (_, index) => upsert(`o${index}`));
    await cosmos.container.items.executeBulkOperations(operations);
    const { requests } = cosmos.server;
    expect([requests.count({ operation: 'Bulk' }), requests.operations({ operation: 'Bulk' })]).toEqual([3, 250]);
  });

  test('a failed operation carries its status and the others succeed', async () => {
    const results = await cosmos.container.items.executeBulkOperations([
      { operationType: 'Delete', ...at('none') },
      upsert('o1'),
    ]);
    expect(results.map(({ response, error }) => response?.statusCode ?? error?.code)).toEqual([404, 201]);
  });
});
