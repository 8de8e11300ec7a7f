import { type Container, CosmosClient } from '@azure/cosmos';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CosmosDbServer, startCosmosDb } from '../../local/cosmos-db/server.ts';
import { getLiveSales } from '../../src/queries/sales/get-live-sales.ts';
import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import { SALES_LIVE } from '../../src/shared/read-models/containers.ts';
import { type HourWindows, type LiveDocument, PROGRESS_ID } from '../../src/shared/read-models/sales-live.ts';
import { systemRuntime } from '../../src/shared/system-runtime.ts';
import type { PartitionLag } from '../../src/sync/lag/lag.ts';
import { reportLiveProgress } from '../../src/sync/lag/report-live-progress.ts';
import { salesLive } from '../../src/sync/projections/sales-live.ts';
import { cosmosDocumentStore } from '../../src/sync/projector/cosmos-document-store.ts';
import { projectEvents } from '../../src/sync/projector/projector.ts';
import { orderEvent } from '../support/events/order-lives.ts';
import { noCustomerKeys } from '../support/events/personal-data.ts';

/** Each test has a day of its own. */
let now = Date.UTC(2026, 0, 15, 10, 30, 20);
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let cosmosDb: CosmosDbServer;
let client: CosmosClient;
let container: Container;
beforeAll(async () => {
  cosmosDb = await startCosmosDb({ port: 0 });
  client = new CosmosClient(cosmosDb.connectionString);
  const { database } = await client.databases.createIfNotExists({ id: 'orders' });
  const paths = [SALES_LIVE.partitionKey];
  await database.containers.createIfNotExists({ id: SALES_LIVE.name, partitionKey: { paths } });
  container = database.container(SALES_LIVE.name);
});
beforeEach(async () => {
  now += 3 * DAY_MS;
  await container
    .item(PROGRESS_ID, PROGRESS_ID)
    .delete()
    .catch(() => undefined);
});
afterAll(async () => {
  client.dispose();
  await cosmosDb.close();
});

const minutesAgo = (minutes: number) => new Date(now - minutes * MINUTE_MS).toISOString();
const startOf = (time: string) => `${time.slice(0, 16)}:00.000Z`;
const context = new InvocationContext({ functionName: 'getLiveSales', logHandler: () => undefined });

async function project(events: readonly EventEnvelope[]): Promise<void> {
  const runtime = { ...systemRuntime, now: () => now };
  const received = events.map((event, sequenceNumber) => ({
    body: JSON.stringify(event),
    partitionId: '0',
    sequenceNumber,
  }));
  const documents = cosmosDocumentStore<LiveDocument>(container, SALES_LIVE, runtime);
  await projectEvents(received, salesLive, { documents, customerKeys: noCustomerKeys, runtime });
}

/** The response, and the number of requests to Cosmos DB. */
async function get(query = '') {
  const { handler } = getLiveSales({
    authenticate: async () => ({ userId: 'an-analyst', roles: new Set(['analyst']), customerId: undefined }),
    database: client.database('orders'),
    runtime: { ...systemRuntime, now: () => now },
  });
  const request = new HttpRequest({ method: 'GET', url: `http://localhost/api/analytics/live${query}` });
  cosmosDb.requests.reset();
  const response = await handler(request, context);
  const { jsonBody } = Object(response);
  return { body: jsonBody, requests: cosmosDb.requests.count() };
}

describe('GET /analytics/live', () => {
  it('includes the current minute and the first one of the range, and no earlier one', async () => {
    const times = [now, now - 59 * MINUTE_MS - 20_000, now - 59 * MINUTE_MS - 20_001].map((time) =>
      new Date(time).toISOString(),
    );
    await project(times.map((placedAt, index) => orderEvent(`order-${index}`, 1, { placedAt })));
    const { body } = await get();
    expect(body.items).toMatchObject([
      { minute: startOf(times[1] ?? ''), orders: 1 },
      { minute: startOf(times[0] ?? ''), orders: 1 },
    ]);
    expect((await get('?minutes=61')).body.items).toHaveLength(3);
    expect((await get('?minutes=1')).body.items).toHaveLength(1);
  });

  it('has the same figures after duplicates and replays', async () => {
    const events = Array.from({ length: 50 }, (_, index) => {
      const [currency = 'USD', placedAt] = [['USD', 'EUR'][index % 2], minutesAgo(index % 3)];
      return orderEvent(`order-${index}`, 1, { placedAt, currency, total: 1 + index });
    });
    await project(events);
    const first = (await get()).body;
    await project(events.toReversed());
    await project([...events, ...events]);
    expect((await get()).body).toEqual(first);
    const sum = (name: 'orders' | 'revenue') =>
      first.items.reduce((total: number, item: Record<typeof name, number>) => total + item[name] * 100, 0) / 100;
    expect([sum('orders'), Math.round(sum('revenue') * 100)]).toEqual([50, (50 * 51) / 2]);
  });

  it('costs one request, also for a day with orders in every minute in five currencies', async () => {
    const currencies = ['AUD', 'BRL', 'CAD', 'CHF', 'CNY'];
    const window = { orders: 1_000, revenue: 123_456_789, version: 1_000, lastUpdated: minutesAgo(0) };
    const windows = Object.fromEntries(
      Array.from({ length: 60 }, (_, minute) => String(minute).padStart(2, '0')).flatMap((minute) =>
        currencies.map((currency) => [`${minute}|${currency}`, window]),
      ),
    );
    for (let hours = 0; hours < 25; hours++) {
      const hour = minutesAgo(hours * 60).slice(0, 13);
      const parts = Array.from({ length: 4 }, (_, part): HourWindows => {
        return { type: 'windows', id: '!windows', bucket: `${hour}|${part}`, hour, windows, version: 1 };
      });
      await Promise.all(parts.map((part) => container.items.create(part)));
    }
    const { body, requests } = await get('?minutes=1440');
    expect(requests).toBe(1);
    expect(body.items[0]).toMatchObject({ currency: 'AUD', orders: 4_000, revenue: 4_938_271.56 });
    // The rest of this hour was written as well.
    expect(body.items).toHaveLength((1_440 + 29) * currencies.length);
  });
});

describe('the watermark', () => {
  const partition = (completeUpTo: number | undefined, readModel: string = SALES_LIVE.readModel): PartitionLag => ({
    readModel,
    partition: '0',
    lagMs: 0,
    behind: 0,
    oldest: undefined,
    completeUpTo,
    stalled: undefined,
  });
  const report = (...lags: readonly PartitionLag[]) =>
    reportLiveProgress({ database: client.database('orders') }, lags, context);
  const watermark = async () => Date.parse((await get()).body.watermark);

  it('is the start of the response until it is known', async () => {
    expect(new Date(await watermark()).toISOString()).toBe(startOf(minutesAgo(59)));
  });

  it('is that of the partition that is furthest behind, whatever other read models have', async () => {
    await report(partition(now - 7_000), partition(now - 1_000), partition(now - 90_000, 'sales_daily'));
    expect(await watermark()).toBe(now - 7_000);
  });

  it('stays while a partition cannot tell, or nothing is known', async () => {
    await report(partition(now - 7_000));
    await report(partition(undefined), partition(now - 1_000));
    await report(partition(now - 1_000, 'sales_daily'));
    expect(await watermark()).toBe(now - 7_000);
  });

  it('stays when it cannot be stored, without an error', async () => {
    await report(partition(now - 7_000));
    const recover = cosmosDb.injectFault({ status: 500, operation: 'Upsert' });
    await report(partition(now - 1_000));
    recover();
    expect(await watermark()).toBe(now - 7_000);
  });
});
