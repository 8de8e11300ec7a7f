import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { CosmosFault } from '../../local/cosmos-db/faults.ts';
import { codeOf, signatureOfPost, useCosmosDb } from './cosmos-db-fixture.ts';

const cosmos = useCosmosDb();
const order = { id: 'o1', customerId: 'c1' };
const create = () => cosmos.container.items.create({ ...order });
const read = () => cosmos.container.item('o1', 'c1').read();

let stopFault = () => {};
function inject(fault: CosmosFault): void {
  stopFault = cosmos.server.injectFault(fault);
}
afterEach(() => stopFault());

describe('a status', () => {
  test('429 is retried by the SDK until it is over', async () => {
    inject({ status: 429, retryAfterMs: 1, times: 2 });
    await create();
    const { requests } = cosmos.server;
    expect([requests.count({ status: 429 }), requests.count({ status: 201 })]).toEqual([2, 1]);
  });

  test('429 that goes on is given up with how long to wait', async () => {
    inject({ status: 429, retryAfterMs: 1 });
    await expect(create()).rejects.toMatchObject({ code: 429, substatus: 3200, retryAfterInMs: 1 });
  });

  test.each([408, 449, 500, 503] as const)(
    '%i reaches the caller of a write, which is not carried out',
    async (status) => {
      inject({ status, times: 1 });
      expect([await codeOf(create()), (await read()).statusCode]).toEqual([status, 404]);
    },
  );

  test('hits the container and the operation it names, and no other', async () => {
    await create();
    inject({ status: 500, container: cosmos.container.id, operation: 'Replace' });
    const codes = [await codeOf(cosmos.container.item('o1', 'c1').replace({ ...order })), (await read()).statusCode];
    expect(codes).toEqual([500, 200]);
  });

  test('does not hit another container', async () => {
    inject({ status: 500, container: 'another' });
    expect((await create()).statusCode).toBe(201);
  });

  test('is over when it is stopped', async () => {
    inject({ status: 500 });
    stopFault();
    expect((await create()).statusCode).toBe(201);
  });
});

test('inside a bulk only the named number of operations is throttled', async () => {
  inject({ status: 429, retryAfterMs: 20, bulkOperations: 1, times: 1 });
  const upsert = (id: string) =>
    ({ operationType: 'Upsert', partitionKey: 'c1', resourceBody: { ...order, id } }) as const;
  const answers = await cosmos.container.items.bulk([upsert('o1'), upsert('o2')]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([429, 201]);
});

test('latency holds back the answer, not the service', async () => {
  inject({ latencyMs: 20, operation: 'Create' });
  expect((await create()).statusCode).toBe(201);
});

test('a request whose client disconnects during the latency ends', async () => {
  inject({ latencyMs: 100, operation: 'Create' });
  const link = `dbs/${cosmos.container.database.id}/colls/${cosmos.container.id}`;
  const headers = { ...(await signatureOfPost(cosmos.server, link)), 'content-length': 1_000 };
  const sent = request(`${cosmos.server.endpoint}/${link}/docs`, { method: 'POST', headers });
  sent.on('error', () => {});
  sent.write('{', () => sent.destroy());
  await expect.poll(() => cosmos.server.requests.count({ operation: 'Create' })).toBe(1);
});

describe('a connection', () => {
  test('that is dropped was not written to', async () => {
    inject({ dropConnection: true, operation: 'Create', times: 1 });
    expect([await codeOf(create()), (await read()).statusCode]).toEqual(['ECONNRESET', 404]);
  });

  test('that loses the answer was written to', async () => {
    inject({ loseAnswer: true, operation: 'Create', times: 1 });
    expect([await codeOf(create()), (await read()).statusCode]).toEqual(['ECONNRESET', 200]);
  });

  test('is cut for everything while the server is down', async () => {
    inject({ down: true });
    expect(await codeOf(fetch(cosmos.server.endpoint).catch(({ cause }) => Promise.reject(cause)))).toMatch(
      /ECONNRESET|UND_ERR_SOCKET/,
    );
  });

  test('works again when the server is no longer down', async () => {
    inject({ down: true });
    await codeOf(create());
    stopFault();
    expect((await create()).statusCode).toBe(201);
  });
});
