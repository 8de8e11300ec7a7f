import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrdersClient } from '../../clients/typescript/src/index.ts';
import { requestsIn, rowsOfQueries } from '../support/docs/queries.ts';
import { type MeasuredQueries, openMeasuredQueries } from '../support/queries/measured-queries.ts';

const PARTITIONS = 16;
let queries: MeasuredQueries;
let inManyPartitions: MeasuredQueries;
beforeAll(async () => {
  queries = await openMeasuredQueries();
  inManyPartitions = await openMeasuredQueries(PARTITIONS);
});
afterAll(async () => {
  await queries.close();
  await inManyPartitions.close();
});

/** The rows of docs/queries.md that state request units, by the request that answers the question. */
const COSTS = rowsOfQueries(readFileSync('docs/queries.md', 'utf8')).flatMap((row) => {
  const [request] = requestsIn(row['answered by']);
  const requestUnits = Number(row['request units']);
  const requests = Number(/\((\d) requests/.exec(row['answered by'] ?? '')?.[1] ?? 1);
  const partitions = row['physical partitions'];
  return request === undefined || Number.isNaN(requestUnits) ? [] : [{ request, requestUnits, requests, partitions }];
});

describe('the costs in docs/queries.md', () => {
  it('are those of at least fifteen queries', () => {
    expect(COSTS.length).toBeGreaterThanOrEqual(15);
  });

  it.each(COSTS)('are measured: $request costs $requestUnits RU, in $requests request(s)', async (documented) => {
    const { status, requests, requestUnits } = await queries.measure(documented.request);
    expect({ status, requests, requestUnits: Math.round(requestUnits) }).toEqual({
      status: 200,
      requests: documented.requests,
      requestUnits: documented.requestUnits,
    });
  });
});

describe('in containers with many physical partitions, the queries in docs/queries.md', () => {
  it.each(COSTS.filter(({ partitions }) => partitions === 'one'))(
    'cost as many requests as with one: $request',
    async ({ request, requests }) => {
      expect(await inManyPartitions.measure(request)).toMatchObject({ status: 200, requests });
    },
  );

  it.each(COSTS.filter(({ partitions }) => partitions !== 'one'))(
    'cost a request for each, if the table says so: $request',
    async ({ request, requests, partitions }) => {
      expect(partitions).toBe('each');
      expect(await inManyPartitions.measure(request)).toMatchObject({ status: 200, requests: requests * PARTITIONS });
    },
  );

  it.each(COSTS)('have the same results: $request', async ({ request }) => {
    const bodies = [await queries.measure(request), await inManyPartitions.measure(request)].map(({ body }) => body);
    expect(bodies[1]).toEqual(bodies[0]);
  });
});

describe('the queries in docs/queries.md', () => {
  it('finds the orders that nobody has confirmed', async () => {
    const { body } = await queries.measure('GET /orders?status=submitted');
    expect(body).toMatchObject({ items: [{ orderId: 'order-20', status: 'submitted' }] });
    expect(Object(body).items).toHaveLength(1);
  });

  it('finds the products that are running low, with the typed client', async () => {
    const baseUrl = 'http://localhost/api';
    const orders = createOrdersClient({
      baseUrl,
      token: 'a-token',
      fetch: async ({ url }) => Response.json((await queries.measure(`GET ${url.slice(baseUrl.length)}`)).body),
    });
    const low: string[] = [];
    for await (const { productId, available } of orders.items('/products', { params: { query: { limit: 1 } } })) {
      if (available < 10) low.push(productId);
    }
    expect(low).toEqual(['chair']);
  });
});
