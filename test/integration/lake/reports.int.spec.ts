import { EventHubProducerClient } from '@azure/event-hubs';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AzuriteServer } from '../../../local/azurite.ts';
import { type Capture, type EventHubsServer, startEventHubs } from '../../../local/event-hubs/server.ts';
import { duckDbReports } from '../../../src/queries/reports/duckdb-reports.ts';
import type { Reports } from '../../../src/queries/reports/open-reports.ts';
import { REPORTS } from '../../../src/queries/reports/report.ts';
import { reportBody } from '../../../src/queries/reports/report-response.ts';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { PublishedOrder } from '../../../src/shared/events/order-events.ts';
import { openLakeFiles } from '../../../src/shared/lake/open-lake.ts';
import { ORDERS } from '../../../src/shared/lake/tables.ts';
import { addExactly, sumToDecimal, toDecimal } from '../../../src/shared/money.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { LIVES, newestOrders, orderEvent } from '../../support/events/order-lives.ts';
import { callReport, reportsOf } from '../../support/lake/call-report.ts';
import { fillOnce, published, rowsOf } from '../../support/lake/lake-tables.ts';
import { fold } from '../../support/projections/projections.ts';
import { eventually } from '../../support/system/api-client.ts';
import { newStorageAccount } from '../../support/system/storage-account.ts';

const HUB = 'order-events';

/** Orders of five customers on three days in three currencies, in all lives, each event with the order as it was after it. */
const orderEvents: readonly OrderEventEnvelope[] = Array.from({ length: 40 }, (_, index) => {
  const life = LIVES[index % LIVES.length] ?? [];
  return life.map((change, step) =>
    orderEvent(`order-${String(index).padStart(2, '0')}`, step + 1, {
      customerId: `customer-${index % 5}`,
      currency: ['USD', 'JPY', 'KWD'][Math.floor(index / 6) % 3] ?? 'USD',
      total: 1_000 + 37 * index,
      items: [
        { line: 1, productId: `p${index % 4}`, productName: 'Lamp', quantity: 1 + (index % 3), price: 37 * index },
      ],
      placedAt: `2026-01-1${5 + (Math.floor(index / 7) % 3)}T23:59:59.999Z`,
      ...change,
    }),
  );
}).flat();
const events: readonly EventEnvelope[] = [
  customerRegistered(),
  productAdded({ aggregateId: 'p1' }),
  ...orderEvents.toReversed(),
  ...orderEvents,
];
const submitted = newestOrders(orderEvents).filter(({ placedAt }) => placedAt !== null);

let storage: AzuriteServer;
let hubs: EventHubsServer;
let capture: Capture;
let reports: Reports;

beforeAll(async () => {
  storage = await newStorageAccount();
  hubs = await startEventHubs({ port: 0, hubs: [{ name: HUB, partitions: 2, consumerGroups: [] }] });
  capture = await hubs.capture({
    hub: HUB,
    storage: storage.connectionString,
    container: HUB,
    intervalMs: 200,
    sizeLimitBytes: 20_000,
    skipEmptyArchives: true,
    nameFormat: '{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}/{PartitionId}',
  });
  await BlobServiceClient.fromConnectionString(storage.connectionString).getContainerClient('tables').create();
  const producer = new EventHubProducerClient(hubs.connectionString, HUB);
  await producer.sendBatch(events.map((event) => ({ body: Buffer.from(published(event)) })));
  await producer.close();
  const lake = { kind: 'connectionString', connectionString: storage.connectionString } as const;
  const [captured, tables] = [openLakeFiles(lake, HUB), openLakeFiles(lake, 'tables')];
  await eventually(
    async () => {
      await fillOnce(captured, tables);
      return rowsOf(ORDERS, tables);
    },
    (rows) => rows.length === submitted.length,
  );
  reports = reportsOf(await duckDbReports(tables, systemRuntime));
});
afterAll(async () => {
  await reports.close();
  await capture.stop();
  await hubs.close();
});

const counts = ({ status }: PublishedOrder) => status !== 'cancelled' && status !== 'refunded';
const sum = (orders: readonly PublishedOrder[]) => orders.reduce((total, order) => total + order.total, 0);
const all = async (name: string, query = '') => (await callReport(reports, `${name}?limit=100${query}`)).body.items;

describe('the reports over captured files', () => {
  it('daily-metrics has the sums of the read model', async () => {
    const totals = [...fold(salesDaily, orderEvents).values()].flatMap((documents) =>
      [...documents.values()].flatMap((document) => (document.type === 'total' ? document : [])),
    );
    const days = [...Map.groupBy(totals, ({ date, currency }) => `${date} ${currency}`).values()].map((parts) => {
      const { date, currency } = parts[0] ?? { date: '', currency: '' };
      const orders = parts.reduce((count, part) => count + part.orders, 0);
      const revenue = parts.reduce((total, part) => addExactly(total, part.revenue), 0 as number | string);
      return {
        orderDate: date,
        currency,
        orderCount: orders,
        totalRevenue: sumToDecimal(revenue, currency),
        avgOrderValue: toDecimal(Math.round(Number(revenue) / orders), currency),
        uniqueCustomers: parts.reduce((count, part) => count + part.uniqueCustomers, 0),
      };
    });
    const newestFirst = days.toSorted(
      (one, other) => other.orderDate.localeCompare(one.orderDate) || one.currency.localeCompare(other.currency),
    );
    expect(await all('daily-metrics')).toEqual(newestFirst);
  });

  it('order-summary has each submitted order as it is now, newest first', async () => {
    const expected = submitted
      .map(({ orderId, customerId, status, currency, total, items, placedAt }) => ({
        orderId,
        customerId,
        status,
        currency,
        totalAmount: toDecimal(total, currency),
        itemCount: items.length,
        createdDate: placedAt,
        updatedDate: expect.any(String),
      }))
      .toSorted(
        (one, other) =>
          String(other.createdDate).localeCompare(String(one.createdDate)) || one.orderId.localeCompare(other.orderId),
      );
    expect(await all('order-summary')).toEqual(expected);
  });

  it('orders-by-status counts the orders and their total', async () => {
    const groups = Map.groupBy(submitted, ({ status, currency }) => `${status} ${currency}`);
    const expected = [...groups.values()].map((orders) => ({
      status: orders[0]?.status,
      currency: orders[0]?.currency,
      orders: orders.length,
      total: toDecimal(sum(orders), String(orders[0]?.currency)),
    }));
    const rows = await all('orders-by-status');
    expect(rows).toHaveLength(expected.length);
    expect(rows).toEqual(expect.arrayContaining(expected));
  });

  it('customers-by-revenue ranks the customers of each currency, without cancelled and refunded orders', async () => {
    const rows = await all('customers-by-revenue');
    for (const currency of ['JPY', 'KWD', 'USD']) {
      const orders = submitted.filter((order) => order.currency === currency);
      const expected = [...Map.groupBy(orders, ({ customerId }) => customerId)]
        .map(([customerId, own]) => ({ customerId, orderCount: own.length, minor: sum(own.filter(counts)) }))
        .toSorted((one, other) => other.minor - one.minor || one.customerId.localeCompare(other.customerId))
        .map(({ minor, ...row }, index) => ({
          ...row,
          revenueRank: index + 1,
          totalRevenue: toDecimal(minor, currency),
        }));
      expect(rows.filter((row) => row.currency === currency)).toMatchObject(expected);
    }
  });

  it('top-products adds up the lines of orders that count, with the newest name of each product', async () => {
    const rows = await all('top-products');
    for (const currency of ['JPY', 'KWD', 'USD']) {
      const lines = submitted
        .filter((order) => counts(order) && order.currency === currency)
        .flatMap((order) => order.items);
      const expected = [...Map.groupBy(lines, ({ productId }) => productId)]
        .map(([productId, own]) => ({
          productId,
          productName: productId === 'p1' ? 'Desk lamp' : 'Lamp',
          unitsSold: own.reduce((units, { quantity }) => units + quantity, 0),
          minor: own.reduce((total, { price, quantity }) => total + price * quantity, 0),
        }))
        .toSorted((one, other) => other.minor - one.minor || one.productId.localeCompare(other.productId))
        .map(({ minor, ...row }, index) => ({
          ...row,
          revenueRank: index + 1,
          totalRevenue: toDecimal(minor, currency),
        }));
      expect(rows.filter((row) => row.currency === currency)).toMatchObject(expected);
    }
  });

  it('late-shipments has the orders that were confirmed more than two days ago and are not shipped', async () => {
    const expected = submitted.filter(({ status }) => status === 'confirmed').map(({ orderId }) => orderId);
    const rows = await all('late-shipments');
    expect(rows.map(({ orderId }) => orderId)).toEqual(expected.toSorted());
    expect(rows[0]).toMatchObject({ confirmedAt: '2026-01-16T08:00:00.000Z', shipBy: '2026-01-18T08:00:00.000Z' });
  });
});

describe('a report', () => {
  it.each(Object.keys(REPORTS))('of the name %s has the same rows page by page as at once', async (name) => {
    const rows = [];
    let token = '';
    for (;;) {
      const { status, body } = await callReport(reports, `${name}?limit=3${token}`);
      expect(status).toBe(200);
      rows.push(...body.items);
      if (body.continuationToken === undefined) break;
      token = `&continuationToken=${body.continuationToken}`;
    }
    expect(rows).toEqual(await all(name));
    expect(rows.length).toBeGreaterThan(3);
  });

  it.each(Object.keys(REPORTS))('of the name %s is of the orders of the requested days', async (name) => {
    const days = ['15', '16', '17'].map((day) => `&from=2026-01-${day}&to=2026-01-${day}`);
    const parts = await Promise.all(days.map((query) => all(name, query)));
    const count = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.reduce((total, row) => total + Number(row.orderCount ?? row.orders ?? 1), 0);
    expect(parts.every((rows) => rows.length > 0)).toBe(true);
    expect(parts.reduce((total, rows) => total + count(rows), 0)).toBe(count(await all(name)));
    expect(await all(name, '&from=2026-02-01')).toEqual([]);
  });

  it.each(['admin', 'analyst'] as const)('has exactly the described fields for the role %s', async (role) => {
    for (const name of Object.keys(REPORTS)) {
      const { body } = await callReport(reports, `${name}?limit=3`, role);
      expect(reportBody(role).parse(body)).toEqual(body);
    }
  });

  it('shows analysts no customer, not even in a continuation token', async () => {
    for (const name of Object.keys(REPORTS)) {
      const { body } = await callReport(reports, `${name}?limit=3`, 'analyst');
      expect(body.items).toHaveLength(3);
      expect(JSON.stringify(body)).not.toContain('customer-');
      expect(Buffer.from(body.continuationToken ?? '', 'base64url').toString()).not.toContain('customer-');
    }
  });

  it('is interrupted by the signal, and the next one runs', async () => {
    const source = await reports.source();
    const endless = 'SELECT MAX(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b';
    await expect(source.query(endless, {}, AbortSignal.timeout(100))).rejects.toThrow(/INTERRUPT|aborted/);
    expect((await callReport(reports, 'orders-by-status')).status).toBe(200);
  });

  it('says when the newest event happened', async () => {
    const newest = events
      .map(({ timestamp }) => timestamp)
      .toSorted()
      .at(-1);
    expect((await callReport(reports, 'orders-by-status')).body.asOf).toBe(newest);
  });
});
