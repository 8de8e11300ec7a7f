import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { readSnapshot } from '../../../src/shared/lake/delta/read-snapshot.ts';
import { CUSTOMERS, ORDERS, PRODUCTS, TABLES } from '../../../src/shared/lake/tables.ts';
import { customerChanged, customerRegistered, productAdded } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { allRows, capturedPath, captureFile, fillOnce, published, rowsOf } from '../../support/lake/lake-tables.ts';
import { type MemoryLake, memoryLake } from '../../support/lake/memory-lake.ts';
import { simulatedRuntime } from '../../support/simulated-runtime.ts';

/** The day of the captured files. */
const NOW = Date.UTC(2026, 0, 20, 12);
const runtime = simulatedRuntime({ startsAt: NOW });

/** Captures events as one file. */
async function capture(lake: MemoryLake, time: string, events: readonly EventEnvelope[]): Promise<void> {
  await lake.write(capturedPath(time), await captureFile(events.map(published)));
}

async function lakeOf(...files: readonly (readonly EventEnvelope[])[]) {
  const captured = memoryLake();
  for (const [index, events] of files.entries()) await capture(captured, `2026/01/20/10/0${index}/00/0`, events);
  return { captured, tables: memoryLake() };
}

const versionOf = async (tables: MemoryLake, table: string) => (await readSnapshot(tables, table)).version;

describe('the tables of the lake', () => {
  it('are what the newest event of each order says, whatever the order and number of its captures', async () => {
    await fc.assert(
      fc.asyncProperty(
        orderLives.chain((events) =>
          fc.record({ events: fc.constant(events), captured: disorderOf(events), split: fc.nat({ max: 20 }) }),
        ),
        async ({ events, captured, split }) => {
          const lake = await lakeOf(captured.slice(0, split), captured.slice(split));
          await fillOnce(lake.captured, lake.tables, runtime);
          const rows = await rowsOf(ORDERS, lake.tables);
          const expected = newestOrders(events).filter(({ placedAt }) => placedAt !== null);
          expect(
            rows.map(({ order_id, status, currency, total_amount }) => ({ order_id, status, currency, total_amount })),
          ).toEqual(
            expected
              .map(({ orderId, status, currency, total }) => ({
                order_id: orderId,
                status,
                currency,
                total_amount: BigInt(total) * 100n,
              }))
              .toSorted((one, other) => one.order_id.localeCompare(other.order_id)),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('have a row for each line, customer and product, with exact decimals', async () => {
    const lake = await lakeOf([
      orderEvent('order-1', 1, { total: 999_999_999_999_999 }),
      customerRegistered(),
      productAdded(),
    ]);
    await fillOnce(lake.captured, lake.tables, runtime);
    const rows = await allRows(lake.tables);
    expect(rows.orders).toMatchObject([{ order_id: 'order-1', total_amount: 99_999_999_999_999_900n, item_count: 1 }]);
    expect(rows.order_items).toMatchObject([
      { order_id: 'order-1', line: 1, product_id: 'lamp', quantity: 2, price: 299_900n, line_total: 599_800n },
    ]);
    expect(rows.customers).toMatchObject([{ customer_id: 'ada', credit_limit: 10_000_000n, is_erased: false }]);
    expect(rows.products).toMatchObject([{ product_id: 'lamp', product_name: 'Desk lamp', price: 299_900n }]);
  });

  it('have no draft', async () => {
    const lake = await lakeOf([orderEvent('order-1', 1, { status: 'draft', placedAt: null })]);
    await fillOnce(lake.captured, lake.tables, runtime);
    expect(await rowsOf(ORDERS, lake.tables)).toEqual([]);
  });

  it('have no personal data, in no file, before and after an erasure', async () => {
    const lake = await lakeOf([customerRegistered(), orderEvent('order-1', 1)], [customerChanged({ version: 2 })]);
    await fillOnce(lake.captured, lake.tables, runtime);
    expect(await rowsOf(CUSTOMERS, lake.tables)).toMatchObject([{ customer_id: 'ada', is_erased: true }]);
    const contents = await Promise.all(lake.tables.paths().map((path) => lake.tables.read(path)));
    const rows = JSON.stringify(await allRows(lake.tables), (_key, value) => (typeof value === 'bigint' ? 0 : value));
    const everything = [rows, ...contents.map(String)].join('\n');
    for (const personal of ['Lovelace', 'ada@example.com', '123 Main St', 'Seattle']) {
      expect(everything).not.toContain(personal);
    }
  });
});

describe('a run', () => {
  it('commits nothing when the files were read before', async () => {
    const lake = await lakeOf([orderEvent('order-1', 1)]);
    await fillOnce(lake.captured, lake.tables, runtime);
    const before = lake.tables.paths();
    expect(await fillOnce(lake.captured, lake.tables, runtime)).toEqual({ files: 0, undecodable: 0, behindMs: 0 });
    expect(lake.tables.paths()).toEqual(before);
  });

  it('reads a file that comes late, without going back to older versions', async () => {
    const lake = await lakeOf([orderEvent('order-1', 3, { status: 'confirmed' })]);
    await fillOnce(lake.captured, lake.tables, runtime);
    await capture(lake.captured, '2026/01/18/09/00/00/1', [orderEvent('order-1', 1), orderEvent('order-2', 1)]);
    expect(await fillOnce(lake.captured, lake.tables, runtime)).toMatchObject({ files: 1 });
    expect(await rowsOf(ORDERS, lake.tables)).toMatchObject([
      { order_id: 'order-1', status: 'confirmed', version: 3 },
      { order_id: 'order-2', status: 'submitted', version: 1 },
    ]);
  });

  it('reads a file again that has grown', async () => {
    const lake = await lakeOf([orderEvent('order-1', 1)]);
    await fillOnce(lake.captured, lake.tables, runtime);
    await capture(lake.captured, '2026/01/20/10/00/00/0', [orderEvent('order-1', 1), orderEvent('order-2', 1)]);
    await fillOnce(lake.captured, lake.tables, runtime);
    expect(await rowsOf(ORDERS, lake.tables)).toHaveLength(2);
  });

  it('reads a long history in several batches', async () => {
    const captured = memoryLake();
    const tables = memoryLake();
    for (let index = 0; index < 450; index++) {
      const day = String(1 + (index % 20)).padStart(2, '0');
      await capture(captured, `2026/01/${day}/10/00/${String(index).padStart(3, '0')}/0`, [
        orderEvent(`o-${index}`, 1),
      ]);
    }
    expect(await fillOnce(captured, tables, runtime)).toEqual({ files: 450, undecodable: 0, behindMs: 0 });
    expect(await rowsOf(ORDERS, tables)).toHaveLength(450);
    // The log names the files of the last days only.
    expect((await readSnapshot(tables, ORDERS.name)).transactions.size).toBeLessThan(220);
  });

  it('skips a damaged file, reports how old it is, and reads it once it is whole', async () => {
    const lake = await lakeOf([orderEvent('order-1', 1)], [orderEvent('order-2', 1)]);
    const damaged = capturedPath('2026/01/20/10/00/00/0');
    const whole = await lake.captured.read(damaged);
    lake.captured.setTime(NOW - 60_000);
    await lake.captured.write(damaged, whole?.subarray(0, -20) ?? Buffer.alloc(0));
    expect(await fillOnce(lake.captured, lake.tables, runtime)).toEqual({ files: 1, undecodable: 0, behindMs: 60_000 });
    expect(await rowsOf(ORDERS, lake.tables)).toMatchObject([{ order_id: 'order-2' }]);
    await lake.captured.write(damaged, whole ?? Buffer.alloc(0));
    expect(await fillOnce(lake.captured, lake.tables, runtime)).toMatchObject({ files: 1, behindMs: 0 });
    expect(await rowsOf(ORDERS, lake.tables)).toHaveLength(2);
  });

  it('counts events that cannot be decoded, and skips those of an unknown type', async () => {
    const captured = memoryLake();
    const tables = memoryLake();
    const bodies = [published(orderEvent('order-1', 1)), 'not JSON', JSON.stringify({ eventType: 'OrderFramed' })];
    await captured.write(capturedPath('2026/01/20/10/00/00/0'), await captureFile(bodies));
    expect(await fillOnce(captured, tables, runtime)).toEqual({ files: 1, undecodable: 1, behindMs: 0 });
    expect(await rowsOf(ORDERS, tables)).toHaveLength(1);
  });

  it('that dies at any write is finished by the next one', async () => {
    const files = [[orderEvent('order-1', 1), customerRegistered(), productAdded()], [orderEvent('order-1', 2)]];
    const whole = await lakeOf(...files);
    await fillOnce(whole.captured, whole.tables, runtime);
    const expected = await allRows(whole.tables);
    const writes = whole.tables.requests.filter((request) => /^(write|create)/.test(request)).length;
    expect(writes).toBeGreaterThan(7);
    for (const when of ['before', 'after'] as const) {
      for (let number = 1; number <= writes; number++) {
        const { captured, tables } = await lakeOf(...files);
        tables.failWrite(number, when);
        await expect(fillOnce(captured, tables, runtime)).rejects.toThrow('died');
        await fillOnce(captured, tables, runtime);
        expect(await allRows(tables)).toEqual(expected);
      }
    }
  });

  it('that races another one loses the commit and starts again, so that no row is lost or doubled', async () => {
    const lake = await lakeOf(
      [orderEvent('order-1', 1), customerRegistered()],
      [orderEvent('order-2', 1), productAdded()],
    );
    const other = memoryLake();
    await capture(other, '2026/01/20/10/05/00/0', [orderEvent('order-3', 1), productAdded({ aggregateId: 'desk' })]);
    let raced = false;
    const create = async (path: string, content: Uint8Array) => {
      if (path.startsWith('orders/') && !raced) {
        raced = true;
        await fillOnce(lake.captured, lake.tables, runtime);
        await fillOnce(other, lake.tables, runtime);
      }
      return lake.tables.create(path, content);
    };
    expect(await fillOnce(lake.captured, { ...lake.tables, create }, runtime)).toMatchObject({ behindMs: 0 });
    expect((await rowsOf(ORDERS, lake.tables)).map(({ order_id }) => order_id)).toEqual([
      'order-1',
      'order-2',
      'order-3',
    ]);
    expect((await rowsOf(PRODUCTS, lake.tables)).map(({ product_id }) => product_id)).toEqual(['desk', 'lamp']);
    expect(await rowsOf(CUSTOMERS, lake.tables)).toHaveLength(1);
    expect(await versionOf(lake.tables, ORDERS.name)).toBe(1);
  });

  it('without new files lists the last two days and reads no table, and lists a week once an hour', async () => {
    const lake = await lakeOf([orderEvent('order-1', 1)]);
    const { lakeFiller } = await import('../../../src/sync/lake/fill-lake.ts');
    let passedMs = 0;
    const fill = lakeFiller({
      capture: lake.captured,
      tables: lake.tables,
      folder: 'localhost/order-events',
      runtime: { ...runtime, monotonicMs: () => passedMs },
      warn: () => undefined,
    });
    const listed = (days: readonly number[]) => days.map((day) => `list localhost/order-events/2026/01/${day}/`);
    await fill();
    lake.captured.requests.length = 0;
    lake.tables.requests.length = 0;
    await fill();
    expect(lake.tables.requests).toEqual([]);
    expect(lake.captured.requests).toEqual(listed([19, 20]));
    lake.captured.requests.length = 0;
    passedMs = 3_600_000;
    await capture(lake.captured, '2026/01/13/09/00/00/1', [orderEvent('order-2', 1)]);
    expect(await fill()).toMatchObject({ files: 1 });
    expect(lake.captured.requests).toEqual(expect.arrayContaining(listed([13, 14, 15, 16, 17, 18, 19, 20])));
    expect(await rowsOf(ORDERS, lake.tables)).toHaveLength(2);
  });

  it('creates all tables, even those that have no rows yet', async () => {
    const lake = await lakeOf([productAdded()]);
    await fillOnce(lake.captured, lake.tables, runtime);
    expect(await Promise.all(TABLES.map(({ name }) => versionOf(lake.tables, name)))).toEqual([0, 0, 0, 0]);
  });
});
