import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { addExactly, type ExactSum } from '../../../src/shared/money.ts';
import { type LiveDocument, liveBucketOf, WINDOWS_ID } from '../../../src/shared/read-models/sales-live.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { salesLive } from '../../../src/sync/projections/sales-live.ts';
import { projectEvents } from '../../../src/sync/projector/projector.ts';
import { customerRegistered, productAdded } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { noCustomerKeys } from '../../support/events/personal-data.ts';
import { MemoryDocuments } from '../../support/projections/memory-documents.ts';
import { fold, type ReadModel } from '../../support/projections/projections.ts';

type Sales = Readonly<Record<string, readonly [orders: number, revenue: ExactSum]>>;

/** Orders and revenue by minute and currency, over the parts of the hours. */
function salesOf(model: ReadModel<LiveDocument>): Sales {
  const sums: Record<string, readonly [number, ExactSum]> = {};
  for (const document of [...model.values()].flatMap((documents) => [...documents.values()])) {
    if (document.type !== 'windows') continue;
    for (const [window, { orders, revenue }] of Object.entries(document.windows)) {
      const key = `${document.hour}:${window}`;
      const [ordersBefore, revenueBefore] = sums[key] ?? [0, 0];
      sums[key] = [ordersBefore + orders, addExactly(revenueBefore, revenue)];
    }
  }
  return sums;
}

const placedAt = (time: string, order = {}) => ({ placedAt: `2026-01-15T${time}.000Z`, ...order });

/** The event with the type and the data that lead to the order's status. */
function asIn(event: OrderEventEnvelope): OrderEventEnvelope {
  const { customerId, currency, items, total, placedAt: time, status } = event.order;
  switch (status) {
    case 'draft': {
      const lines = items.map(({ productName: _, ...line }) => line);
      const data = { customerId, currency, items: lines, total, shippingAddress: null };
      return { ...event, eventType: 'OrderCreated', data };
    }
    case 'submitted':
      return event.version === 1 || time === null
        ? event
        : { ...event, eventType: 'OrderSubmitted', data: { placedAt: time } };
    default:
      return { ...event, eventType: 'OrderConfirmed', data: { confirmedAt: event.timestamp } };
  }
}

describe('the sales_live projection', () => {
  it('counts orders and revenue in the minute of placedAt, per currency', () => {
    const events = [
      orderEvent('order-1', 1, placedAt('10:30:00')),
      orderEvent('order-2', 1, placedAt('10:30:59', { total: 2 })),
      orderEvent('order-3', 1, placedAt('10:30:59', { total: 7, currency: 'EUR' })),
      orderEvent('order-4', 1, placedAt('10:31:00', { total: 9 })),
      orderEvent('order-5', 1, placedAt('09:31:00', { total: 1 })),
    ];
    expect(salesOf(fold(salesLive, events))).toEqual({
      '2026-01-15T10:30|USD': [2, 6_000],
      '2026-01-15T10:30|EUR': [1, 7],
      '2026-01-15T10:31|USD': [1, 9],
      '2026-01-15T09:31|USD': [1, 1],
    });
  });

  it('has a document for each part of an hour, with a record of each counted order', () => {
    const event = orderEvent('order-1', 1);
    const bucket = liveBucketOf('2026-01-15T10:30:00.000Z', 'order-1');
    const documents = fold(salesLive, [event]).get(bucket);
    expect(documents?.get(WINDOWS_ID)).toEqual({
      type: 'windows',
      id: WINDOWS_ID,
      bucket,
      hour: '2026-01-15T10',
      windows: { '30|USD': { orders: 1, revenue: 5_998, version: 1, lastUpdated: '2026-01-15T10:01:00.000Z' } },
      version: 1,
    });
    expect(documents?.get('order-1')).toEqual({
      type: 'order',
      id: 'order-1',
      bucket,
      counted: { orders: 1, revenue: 5_998 },
      version: 1,
      projectionVersion: 1,
    });
    expect(salesLive.apply(documents ?? new Map(), event, bucket)).toBe(documents);
  });

  it('spreads the orders of an hour over several logical partitions', () => {
    const orders = Array.from({ length: 100 }, (_, index) => orderEvent(`order-${index}`, 1));
    expect(fold(salesLive, orders).size).toBe(4);
  });

  it('takes nothing from events of customers, products and drafts, and of orders that are submitted already', () => {
    const draft = asIn(orderEvent('order-1', 1, { status: 'draft', placedAt: null }));
    const confirmed = asIn(orderEvent('order-1', 2, { status: 'confirmed' }));
    for (const event of [customerRegistered(), productAdded(), draft, confirmed]) {
      const documents = new Map();
      expect(salesLive.targetsOf(event)).toEqual([]);
      expect(salesLive.apply(documents, event, 'any')).toBe(documents);
    }
  });

  it('counts each submitted order once, for any order of arrival and any duplicates', () => {
    fc.assert(
      fc.property(
        orderLives.chain((events) => disorderOf(events).map((received) => ({ events, received }))),
        ({ events, received }) => {
          const expected: Record<string, readonly [number, number]> = {};
          for (const { placedAt: time, currency, total } of newestOrders(events)) {
            if (time === null) continue;
            const key = `${time.slice(0, 16)}|${currency}`;
            const [orders, revenue] = expected[key] ?? [0, 0];
            expected[key] = [orders + 1, revenue + total];
          }
          expect(salesOf(fold(salesLive, received.map(asIn)))).toEqual(expected);
        },
      ),
    );
  });
});

describe('an order that arrives late', () => {
  const HOUR_MS = 3_600_000;
  const ORDER = orderEvent('order-1', 1, placedAt('10:30:00'));
  const PLACED = Date.parse('2026-01-15T10:30:00.000Z');

  /** The sales after the order was projected at a time. */
  async function projectedAt(now: number): Promise<Sales> {
    const documents = new MemoryDocuments<LiveDocument>();
    const received = [{ body: JSON.stringify(ORDER), partitionId: '0', sequenceNumber: 1 }];
    const { projected, poison } = await projectEvents(received, salesLive, {
      documents: documents.seenBy(async (_name, work) => work()),
      customerKeys: noCustomerKeys,
      runtime: { ...systemRuntime, now: () => now },
    });
    expect([projected.length, poison]).toEqual([1, []]);
    return salesOf(documents.model());
  }

  it('is counted in its minute for 25 hours', async () => {
    expect(await projectedAt(PLACED + 25 * HOUR_MS)).toEqual({ '2026-01-15T10:30|USD': [1, 5_998] });
  });

  it('is skipped afterwards, because no response shows its minute', async () => {
    expect(await projectedAt(PLACED + 25 * HOUR_MS + 1)).toEqual({});
  });
});
