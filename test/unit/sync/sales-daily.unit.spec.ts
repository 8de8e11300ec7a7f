import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addExactly, type ExactSum } from '../../../src/shared/money.ts';
import { bucketOf, type DayTotal, type SalesDocument, TOTAL_ID } from '../../../src/shared/read-models/sales-daily.ts';
import { salesDaily } from '../../../src/sync/projections/sales-daily.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { fold, type ReadModel } from '../../support/projections/projections.ts';

const totalsOf = (model: ReadModel<SalesDocument>): readonly DayTotal[] =>
  [...model.values()].flatMap((documents) => [...documents.values()].filter((document) => document.type === 'total'));

/** What was counted of order-1 in a version. */
const record = (version: number) => ({
  id: 'order-1',
  placedAt: '2026-01-15T10:30:00.000Z',
  counted: { orders: 1, revenue: 5998, cancelled: 0, refunded: 0 },
  version,
  projectionVersion: 2,
});

const NO_AMOUNTS: Record<'revenue' | 'cancelled' | 'refunded', ExactSum> = { revenue: 0, cancelled: 0, refunded: 0 };

/** The sums of a day over its buckets. */
const dayOf = (model: ReadModel<SalesDocument>, date: string, currency: string) =>
  totalsOf(model)
    .filter((total) => total.date === date && total.currency === currency)
    .reduce(
      (sums, total) => ({
        orders: sums.orders + total.orders,
        revenue: addExactly(sums.revenue, total.revenue),
        cancelled: addExactly(sums.cancelled, total.cancelled),
        refunded: addExactly(sums.refunded, total.refunded),
        uniqueCustomers: sums.uniqueCustomers + total.uniqueCustomers,
      }),
      { orders: 0, ...NO_AMOUNTS, uniqueCustomers: 0 },
    );

describe('the sales_daily projection', () => {
  it('counts the orders, the revenue and the unique customers of a day', () => {
    const events = [
      orderEvent('order-1', 1),
      orderEvent('order-2', 1),
      orderEvent('order-3', 1, { customerId: 'grace', total: 100 }),
    ];
    expect(dayOf(fold(salesDaily, events), '2026-01-15', 'USD')).toEqual({
      orders: 3,
      revenue: 12_096,
      cancelled: 0,
      refunded: 0,
      uniqueCustomers: 2,
    });
  });

  it("has one document per day and currency with a version that grows by each order's versions", () => {
    const events = [orderEvent('order-1', 1), orderEvent('order-2', 3), orderEvent('order-1', 2)];
    expect(totalsOf(fold(salesDaily, events))).toEqual([
      {
        type: 'total',
        id: TOTAL_ID,
        bucket: bucketOf('2026-01-15', 'USD', 'ada'),
        date: '2026-01-15',
        currency: 'USD',
        orders: 2,
        revenue: 11_996,
        cancelled: 0,
        refunded: 0,
        uniqueCustomers: 1,
        version: 5,
        lastUpdated: '2026-01-15T10:03:00.000Z',
      },
    ]);
  });

  it('records what it has counted, so that each order and customer is counted once', () => {
    const bucket = bucketOf('2026-01-15', 'USD', 'ada');
    const documents = fold(salesDaily, [orderEvent('order-1', 1)]).get(bucket) ?? new Map();
    expect([...documents.keys()].sort()).toEqual(['!customer-ada', TOTAL_ID]);
    expect(documents.get('!customer-ada')).toEqual({ type: 'customer', id: '!customer-ada', bucket, last: record(1) });
    expect(salesDaily.apply(documents, orderEvent('order-1', 1), bucket)).toBe(documents);
  });

  it.each([
    ['later', '2026-01-15T23:00:00.000Z', 'order-1', 'order-2'],
    ['earlier', '2026-01-15T01:00:00.000Z', 'order-2', 'order-1'],
  ])(
    'gives all orders of a customer on a day but the last one a record of their own: the second one is %s',
    (...of) => {
      const [, placedAt, own, last] = of;
      const bucket = bucketOf('2026-01-15', 'USD', 'ada');
      const events = [orderEvent('order-1', 1), orderEvent('order-2', 1, { placedAt })];
      const documents = fold(salesDaily, events).get(bucket) ?? new Map();
      expect(documents.get(own)).toMatchObject({ type: 'order', id: own, bucket, counted: { orders: 1 } });
      expect(documents.get('!customer-ada')).toMatchObject({ last: { id: last } });
      expect(documents.has(last)).toBe(false);
      expect(fold(salesDaily, events.toReversed()).get(bucket)).toEqual(documents);
    },
  );

  it('moves a record that version 1 of the projection has written, and counts its order once', () => {
    const bucket = bucketOf('2026-01-15', 'USD', 'ada');
    const [total] = totalsOf(fold(salesDaily, [orderEvent('order-1', 1)]));
    const { placedAt: _, ...counted } = record(1);
    const documents = new Map<string, SalesDocument>([
      ['order-1', { ...counted, placedAt: '', type: 'order', bucket, projectionVersion: 1 }],
      ['!customer-ada', { type: 'customer', id: '!customer-ada', bucket }],
      ...(total === undefined ? [] : [[TOTAL_ID, total] as const]),
    ]);
    expect(salesDaily.needsAll?.(documents, orderEvent('order-1', 1))).toBe(true);
    const after = salesDaily.apply(documents, orderEvent('order-1', 1), bucket);
    expect(after).toEqual(fold(salesDaily, [orderEvent('order-1', 1)]).get(bucket));
  });

  it('reads the record of an order unless the order is the last one of its customer or is new and was placed after it', () => {
    const bucket = bucketOf('2026-01-15', 'USD', 'ada');
    const documents = fold(salesDaily, [orderEvent('order-1', 1)]).get(bucket) ?? new Map();
    const needed = (...event: Parameters<typeof orderEvent>) => salesDaily.needsAll?.(documents, orderEvent(...event));
    expect(needed('order-1', 2, { status: 'cancelled' })).toBe(false);
    expect(needed('order-2', 1, { placedAt: '2026-01-15T23:00:00.000Z' })).toBe(false);
    expect(needed('order-2', 1, { placedAt: '2026-01-15T01:00:00.000Z' })).toBe(true);
    expect(needed('order-2', 2, { placedAt: '2026-01-15T23:00:00.000Z', status: 'cancelled' })).toBe(true);
  });

  it.each(['confirmed', 'shipped', 'delivered'] as const)('ignores a %s order, which changes no sum', (status) => {
    const event = orderEvent('order-1', 2, { status });
    const documents = new Map();
    expect(salesDaily.targetsOf(event)).toEqual([]);
    expect(salesDaily.apply(documents, event, 'any')).toBe(documents);
  });

  it('ignores events of customers and products', () => {
    for (const event of [customerRegistered(), productAdded()]) {
      const documents = new Map();
      expect(salesDaily.targetsOf(event)).toEqual([]);
      expect(salesDaily.apply(documents, event, 'any')).toBe(documents);
    }
  });

  it('keeps a cancelled order on its day and adds its amount to the cancelled sum', () => {
    const events = [orderEvent('order-1', 1), orderEvent('order-1', 2, { status: 'cancelled' })];
    expect(dayOf(fold(salesDaily, events), '2026-01-15', 'USD')).toMatchObject({
      orders: 1,
      revenue: 5998,
      cancelled: 5998,
    });
  });

  it('ignores a draft, even when it is cancelled', () => {
    const draft = { status: 'draft', placedAt: null } as const;
    expect(fold(salesDaily, [orderEvent('order-1', 1, draft)]).size).toBe(0);
    const cancelled = { status: 'cancelled', placedAt: null } as const;
    expect(fold(salesDaily, [orderEvent('order-1', 2, cancelled)]).size).toBe(0);
    const documents = new Map();
    expect(salesDaily.apply(documents, orderEvent('order-1', 1, draft), 'any')).toBe(documents);
  });

  it('sums over the newest state of each order, for any order of arrival and any duplicates', () => {
    fc.assert(
      fc.property(
        orderLives.chain((events) => fc.tuple(fc.constant(events), disorderOf(events))),
        ([events, received]) => {
          const model = fold(salesDaily, received);
          const placed = newestOrders(events).filter(({ placedAt }) => placedAt !== null);
          for (const date of ['2026-01-15', '2026-01-16']) {
            for (const currency of ['USD', 'EUR']) {
              const orders = placed.filter((order) => order.placedAt?.startsWith(date) && order.currency === currency);
              const amount = (status?: string) =>
                orders.reduce(
                  (sum, order) => sum + (status === undefined || order.status === status ? order.total : 0),
                  0,
                );
              expect(dayOf(model, date, currency)).toEqual({
                orders: orders.length,
                revenue: amount(),
                cancelled: amount('cancelled'),
                refunded: amount('refunded'),
                uniqueCustomers: new Set(orders.map(({ customerId }) => customerId)).size,
              });
            }
          }
        },
      ),
    );
  });
});
