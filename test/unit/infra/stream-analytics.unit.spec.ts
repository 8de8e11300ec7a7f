import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { encryptEvent } from '../../../src/shared/personal-data/event-encryption.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { LIVE_COUNTING, type LiveCounting, projectSalesLive } from '../../../src/sync/projections/sales-live.ts';
import { customerRegistered } from '../../support/events/events.ts';
import { orderEvent } from '../../support/events/order-lives.ts';
import { runStreamQuery, toSqlite } from '../../support/infra/stream-analytics.ts';
import { fold } from '../../support/projections/projections.ts';

const QUERY = readFileSync('infra/stream-analytics/live-sales.asaql', 'utf8');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START = Date.UTC(2026, 0, 15, 10);

interface Arrival {
  readonly event: EventEnvelope;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
}

/** Orders and revenue in minor units, by minute and currency. */
type Sales = Readonly<Record<string, readonly [orders: number, revenue: number]>>;

function addUp(windows: readonly (readonly [key: string, orders: number, revenue: number])[]): Sales {
  const sums: Record<string, readonly [number, number]> = {};
  for (const [key, orders, revenue] of windows) {
    const [ordersBefore, revenueBefore] = sums[key] ?? [0, 0];
    sums[key] = [ordersBefore + orders, revenueBefore + revenue];
  }
  return sums;
}

const key = { keyId: 'key-1', key: randomBytes(32) };

/** The figures of the query over the events as the hub has them, with their personal data encrypted. */
function ofStreamAnalytics(arrivals: readonly Arrival[], query = QUERY): Sales {
  const events = arrivals.map(({ event, arrivedAt }) => ({ body: encryptEvent(event, key, systemRuntime), arrivedAt }));
  const rows = runStreamQuery(query, events);
  return addUp(
    rows.map(({ placed_minute: minute, currency, orders, revenue }) => [
      `${minute}|${currency}`,
      Number(orders),
      Number(revenue),
    ]),
  );
}

/** The figures of the read model, which projects each event when it arrives. */
function ofReadModel(arrivals: readonly Arrival[], counting: LiveCounting = LIVE_COUNTING): Sales {
  const projection = projectSalesLive(counting);
  const counted = arrivals.filter(({ event, arrivedAt }) => !projection.isOutdated?.(event, arrivedAt));
  const model = fold(
    projection,
    counted.map(({ event }) => event),
  );
  const documents = [...model.values()].flatMap((documents) => [...documents.values()]);
  return addUp(
    documents.flatMap((document) => {
      if (document.type !== 'windows') return [];
      return Object.entries(document.windows).map(([window, { orders, revenue }]) => {
        const [minute, currency] = window.split('|');
        return [`${document.hour}:${minute}:00.000Z|${currency}`, orders, Number(revenue)] as const;
      });
    }),
  );
}

/** The events of an order's life, each with the order after it: created or placed, then confirmed. */
function lifeOf(
  orderId: string,
  order: { readonly placedAt: string; readonly total: number; readonly currency: string },
) {
  const placed = orderEvent(orderId, 1, order);
  const confirmed: OrderEventEnvelope = {
    ...orderEvent(orderId, 2, { ...order, status: 'confirmed' }),
    eventType: 'OrderConfirmed',
    data: { confirmedAt: order.placedAt },
  };
  const { customerId, currency, items, total } = placed.order;
  const lines = items.map(({ productName: _, ...line }) => line);
  const draft: OrderEventEnvelope = {
    ...orderEvent(orderId, 1, { ...order, status: 'draft', placedAt: null }),
    eventType: 'OrderCreated',
    data: { customerId, currency, items: lines, total, shippingAddress: null },
  };
  const submitted: OrderEventEnvelope = {
    ...orderEvent(orderId, 2, order),
    eventType: 'OrderSubmitted',
    data: { placedAt: order.placedAt },
  };
  return { placed: [placed, confirmed], submitted: [draft, submitted] };
}

/** Orders of some hours; each event arrives once or more often, in any order, up to 30 hours after its order was placed. */
const arrivalsOf: fc.Arbitrary<readonly Arrival[]> = fc
  .array(
    fc.record({
      placedAfterMs: fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE_MS }), fc.integer({ min: 0, max: 3 * HOUR_MS })),
      total: fc.integer({ min: 1, max: 1_000_000 }),
      currency: fc.constantFrom('USD', 'EUR'),
      way: fc.constantFrom('placed' as const, 'submitted' as const),
      delaysMs: fc.array(
        fc.oneof(
          fc.integer({ min: -MINUTE_MS, max: MINUTE_MS }),
          fc.integer({ min: -MINUTE_MS, max: 30 * HOUR_MS }),
          fc.constantFrom(25 * HOUR_MS - 1, 25 * HOUR_MS, 25 * HOUR_MS + 1),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((orders) =>
    orders
      .flatMap(({ placedAfterMs, total, currency, way, delaysMs }, index) => {
        const placedAt = START + placedAfterMs;
        const life = lifeOf(`order-${index}`, { placedAt: new Date(placedAt).toISOString(), total, currency });
        return delaysMs.flatMap((delay) => life[way].map((event) => ({ event, arrivedAt: placedAt + delay })));
      })
      .sort((one, other) => one.arrivedAt - other.arrivedAt),
  );

describe('the query of Stream Analytics and the read model sales_live', () => {
  it('have the same orders and revenue in each minute, after duplicates, late events and any order of arrival', () => {
    fc.assert(
      fc.property(arrivalsOf, (arrivals) => {
        expect(ofStreamAnalytics(arrivals)).toEqual(ofReadModel(arrivals));
      }),
      { numRuns: 50 },
    );
  });

  /** Orders that each clause of the query matters for. */
  const ARRIVALS: readonly Arrival[] = [
    { placedAt: START, total: 100, currency: 'USD', delays: [1_000, 2_000, 24 * HOUR_MS] },
    { placedAt: START + 59_000, total: 20, currency: 'USD', delays: [500] },
    { placedAt: START + MINUTE_MS, total: 3, currency: 'USD', delays: [500] },
    { placedAt: START, total: 7, currency: 'EUR', delays: [25 * HOUR_MS] },
    { placedAt: START, total: 9, currency: 'EUR', delays: [25 * HOUR_MS + 1] },
  ].flatMap(({ placedAt, total, currency, delays }, index) => {
    const { placed, submitted } = lifeOf(`order-${index}`, {
      placedAt: new Date(placedAt).toISOString(),
      total,
      currency,
    });
    return delays.flatMap((delay) =>
      (index % 2 === 0 ? placed : submitted).map((event) => ({ event, arrivedAt: placedAt + delay })),
    );
  });
  const EXPECTED: Sales = {
    '2026-01-15T10:00:00.000Z|USD': [2, 120],
    '2026-01-15T10:01:00.000Z|USD': [1, 3],
    '2026-01-15T10:00:00.000Z|EUR': [1, 7],
  };

  it('have these figures for these orders', () => {
    expect(ofStreamAnalytics(ARRIVALS)).toEqual(EXPECTED);
    expect(ofReadModel(ARRIVALS)).toEqual(EXPECTED);
  });

  it.each([
    ['counts copies', 'WHERE copy_of IS NULL', ''],
    ['looks back less far for copies', 'DURATION(hour, 26)', 'DURATION(hour, 1)'],
    ['takes later events', '<= 90000000', '<= 90000001'],
    ['takes fewer late events', '<= 90000000', '<= 89999999'],
    ['takes other events', "e.eventType = 'OrderSubmitted'", "e.eventType = 'OrderConfirmed'"],
    ['leaves out placed orders', "e.eventType = 'OrderPlaced' OR", ''],
    ['has windows of an hour', '1, 16), ', '1, 13), '],
    ['counts by arrival', 'SUBSTRING(e.[order].placedAt, 1, 16)', "'2026-01-15T10:00'"],
    ['mixes currencies', "COALESCE(e.[order].currency, 'USD')", "'USD'"],
    ['has another revenue', 'SUM(total)', 'MAX(total)'],
    ['counts twice', 'COUNT(*)', '2 * COUNT(*)'],
  ])('are no longer the same when the query %s', (_what, clause, changed) => {
    expect(QUERY).toContain(clause);
    expect(ofStreamAnalytics(ARRIVALS, QUERY.replace(clause, changed))).not.toEqual(EXPECTED);
  });

  it.each<[string, LiveCounting['countedOf']]>([
    ['other orders', () => ({ orders: 2, revenue: 0 })],
    ['another revenue', ({ total }) => ({ orders: 1, revenue: total + 1 })],
  ])('are no longer the same when the read model counts %s', (_what, countedOf) => {
    expect(ofReadModel(ARRIVALS, { ...LIVE_COUNTING, countedOf })).not.toEqual(ofStreamAnalytics(ARRIVALS));
  });
});

describe('the query of Stream Analytics', () => {
  it('writes a row for each minute in which orders arrived, with the end of that minute', () => {
    const at = (delay: number, orderId: string): Arrival => {
      const order = { placedAt: new Date(START).toISOString(), total: 100, currency: 'USD' };
      const [event = customerRegistered()] = lifeOf(orderId, order).placed;
      return { event, arrivedAt: START + delay };
    };
    const arrivals = [at(1, 'order-1'), at(MINUTE_MS, 'order-2'), at(MINUTE_MS + 1, 'order-3')];
    const events = arrivals.map(({ event, arrivedAt }) => ({ body: JSON.stringify(event), arrivedAt }));
    const rows = runStreamQuery(QUERY, events).map((row) => [Number(row.arrived_until), row.orders]);
    expect(rows).toEqual([
      [START + MINUTE_MS, 2],
      [START + 2 * MINUTE_MS, 1],
    ]);
  });

  it('takes no events of customers', () => {
    expect(ofStreamAnalytics([{ event: customerRegistered(), arrivedAt: START }])).toEqual({});
  });

  it('is refused by the translation when it has something that the translation does not know', () => {
    expect(() => toSqlite(QUERY.replace('AS e', 'AS e TIMESTAMP BY e.timestamp'))).toThrow('TIMESTAMP');
    expect(() => toSqlite(QUERY.replace('TumblingWindow', 'HoppingWindow'))).toThrow('no tumbling window');
  });

  it('is the one in the template, which is off unless a parameter says otherwise', () => {
    const module = readFileSync('infra/modules/stream-analytics.bicep', 'utf8');
    expect(module).toContain("query: loadTextContent('../stream-analytics/live-sales.asaql')");
    const template = readFileSync('infra/main.bicep', 'utf8');
    expect(template).toContain('param streamAnalytics bool = false');
    expect(template).toContain("'modules/stream-analytics.bicep' = if (streamAnalytics)");
  });
});
