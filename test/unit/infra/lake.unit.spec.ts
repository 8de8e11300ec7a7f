import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { addExactly, type ExactSum } from '../../../src/shared/money.ts';
import { encryptEvent } from '../../../src/shared/personal-data/event-encryption.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { customerRegistered } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

const VIEWS = ['order-events', 'order-summary', 'daily-metrics'];

/** The views over captured events in SQLite, which takes their SQL, with Spark's functions as far as the views use them. */
function lakeOf(events: readonly EventEnvelope[]): DatabaseSync {
  const lake = new DatabaseSync(':memory:');
  lake.function('get_json_object', (json, path) => valueAt(JSON.parse(String(json)), String(path)));
  lake.function('to_timestamp', (text) => text);
  lake.function('to_date', (text) => text);
  lake.exec('CREATE TABLE captured_events (body TEXT, enqueued_at TEXT)');
  const insert = lake.prepare('INSERT INTO captured_events VALUES (?, ?)');
  for (const [index, event] of events.entries()) insert.run(published(event), String(index).padStart(9, '0'));
  for (const view of VIEWS) {
    lake.exec(readFileSync(`infra/lake/${view}.sql`, 'utf8').replace('CREATE OR REPLACE', 'CREATE'));
  }
  return lake;
}

const key = { keyId: 'key-1', key: randomBytes(32) };

/** As the hub has it: nothing in it can be read that is personal. */
function published(event: EventEnvelope): string {
  return encryptEvent(event, key, systemRuntime);
}

/** As Spark does: a text of whatever there is, null when there is nothing. */
function valueAt(json: unknown, path: string): string | null {
  const found = path
    .split('.')
    .slice(1)
    .reduce<unknown>(
      (node, key) => (node === null || node === undefined ? node : Reflect.get(Object(node), key)),
      json,
    );
  if (found === null || found === undefined) return null;
  return typeof found === 'object' ? JSON.stringify(found) : String(found);
}

const byOrder = (a: { readonly orderId: unknown }, b: { readonly orderId: unknown }) =>
  String(a.orderId).localeCompare(String(b.orderId));

describe('the views over the data lake', () => {
  it('given events captured twice and in any order, then each order is what its newest event says', () => {
    fc.assert(
      fc.property(
        orderLives.chain((events) => disorderOf(events).map((captured) => ({ events, captured }))),
        ({ events, captured }) => {
          const rows = lakeOf(captured)
            .prepare(
              'SELECT order_id AS orderId, customer_id AS customerId, status, currency, total FROM order_summary',
            )
            .all();
          const expected = newestOrders(events).map(({ orderId, customerId, status, currency, total }) => ({
            orderId,
            customerId,
            status,
            currency,
            total,
          }));
          expect(rows.map((row) => ({ orderId: row.orderId, ...row })).sort(byOrder)).toEqual(expected.sort(byOrder));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('given the same, then the daily metrics are those of the read model', () => {
    fc.assert(
      fc.property(orderLives.chain(disorderOf), (captured) => {
        const rows = lakeOf(captured)
          .prepare('SELECT day, currency, orders, revenue, cancelled, refunded, unique_customers FROM daily_metrics')
          .all()
          .map(({ day, currency, unique_customers: uniqueCustomers, ...sums }) => [
            `${day} ${currency}`,
            { ...sums, uniqueCustomers },
          ]);
        expect(Object.fromEntries(rows)).toEqual(readModelOf(captured));
      }),
      { numRuns: 50 },
    );
  });

  it('given events of customers, then they are no orders', () => {
    const orders = lakeOf([customerRegistered(), orderEvent('order-1', 1)])
      .prepare('SELECT order_id FROM order_events')
      .all();
    expect(orders.map(({ order_id: id }) => id)).toEqual(['order-1']);
  });
});

/** Sums per day and currency, over the buckets of the read model. */
function readModelOf(events: readonly EventEnvelope[]): Record<string, Record<string, ExactSum>> {
  const documents = [...fold(salesDaily, events).values()].flatMap((bucket) => [...bucket.values()]);
  const totals = documents.filter((document) => document.type === 'total');
  const days: Record<string, Record<string, ExactSum>> = {};
  for (const { date, currency, orders, revenue, cancelled, refunded, uniqueCustomers } of totals) {
    const before = days[`${date} ${currency}`];
    const sums = Object.entries({ orders, revenue, cancelled, refunded, uniqueCustomers });
    days[`${date} ${currency}`] = Object.fromEntries(
      sums.map(([name, sum]) => [name, addExactly(sum, before?.[name] ?? 0)]),
    );
  }
  return days;
}
