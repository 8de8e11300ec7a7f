import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERASED } from '../../../src/shared/personal-data/placeholders.ts';
import { type CustomerSummary, SUMMARY_ID } from '../../../src/shared/read-models/customer-orders.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { customerChanged, customerRegistered, erasureRequested, productAdded } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

const ada = (events: Parameters<typeof fold>[1]) => fold(customerOrders, events).get('ada') ?? new Map();
const summaryAfter = (...events: Parameters<typeof fold>[1]): CustomerSummary => ada(events).get(SUMMARY_ID);

describe('the customer_orders projection', () => {
  it('counts a placed order in the summary, which has the entry of the last order', () => {
    const documents = ada([orderEvent('order-1', 1)]);
    expect([...documents.keys()]).toEqual([SUMMARY_ID]);
    const last = {
      id: 'order-1',
      orderId: 'order-1',
      status: 'submitted',
      currency: 'USD',
      total: 5998,
      itemCount: 1,
      counted: { orders: 1, totalSpent: 5998, ordersByStatus: { submitted: 1 }, creditUsed: 5998 },
      placedAt: '2026-01-15T10:30:00.000Z',
      sortKey: '2026-01-15T10:30:00.000Z|order-1',
      version: 1,
      lastUpdated: '2026-01-15T10:01:00.000Z',
      projectionVersion: 3,
    };
    expect(documents.get(SUMMARY_ID)).toEqual({
      last,
      status: last.status,
      sortKey: last.sortKey,
      type: 'summary',
      id: SUMMARY_ID,
      customerId: 'ada',
      name: 'Ada Lovelace',
      currency: 'USD',
      orders: 1,
      totalSpent: 5998,
      firstOrderAt: '2026-01-15T10:30:00.000Z',
      lastOrderAt: '2026-01-15T10:30:00.000Z',
      ordersByStatus: { submitted: 1 },
      creditUsed: 5998,
      customerVersion: 0,
      version: 1,
      lastUpdated: '2026-01-15T10:01:00.000Z',
    });
  });

  it('starts the summary with the registration of the customer', () => {
    expect(summaryAfter(customerRegistered({ aggregateId: 'ada' }))).toEqual({
      type: 'summary',
      id: SUMMARY_ID,
      customerId: 'ada',
      name: 'Ada Lovelace',
      currency: 'USD',
      orders: 0,
      totalSpent: 0,
      firstOrderAt: null,
      lastOrderAt: null,
      ordersByStatus: {},
      creditUsed: 0,
      account: { email: 'ada@example.com', phone: null, creditLimit: 100_000 },
      words: ['ada', 'lovelace', 'example', 'com'],
      customerSortKey: '2026-01-15T10:30:00.000Z|ada',
      customerVersion: 1,
      version: 1,
      lastUpdated: '2026-01-15T10:30:00.000Z',
      projectionVersion: 3,
    });
  });

  it.each([
    ['later', '2026-01-15T23:00:00.000Z', 'order-1', 'order-2'],
    ['earlier', '2026-01-15T01:00:00.000Z', 'order-2', 'order-1'],
  ])('gives all orders but the last one a document of their own: the second one is placed %s', (...of) => {
    const [, placedAt, own, last] = of;
    const events = [orderEvent('order-1', 1), orderEvent('order-2', 1, { placedAt })];
    const documents = ada(events);
    expect(documents.get(own)).toMatchObject({ type: 'order', id: own, customerId: 'ada', status: 'submitted' });
    expect(documents.get(SUMMARY_ID)).toMatchObject({ last: { id: last }, orders: 2 });
    expect(documents.has(last)).toBe(false);
    expect(ada(events.toReversed()).get(own)).toEqual(documents.get(own));
  });

  it('moves the document of a draft into the summary when it is submitted', () => {
    const draft = orderEvent('order-1', 1, { status: 'draft', placedAt: null });
    const documents = ada([draft, orderEvent('order-1', 2)]);
    expect([...documents.keys()]).toEqual([SUMMARY_ID]);
    expect(documents.get(SUMMARY_ID)).toMatchObject({ last: { id: 'order-1', version: 2 } });
  });

  it('moves the entry that version 2 of the projection has written, and counts its order once', () => {
    const expected = ada([orderEvent('order-1', 1)]);
    const { last, status: _status, sortKey: _sortKey, ...summary }: CustomerSummary = expected.get(SUMMARY_ID);
    const entry = { type: 'order', customerId: 'ada', ...last, projectionVersion: 2 };
    const documents = new Map([
      ['order-1', Object(entry)],
      [SUMMARY_ID, Object(summary)],
    ]);
    expect(customerOrders.apply(documents, orderEvent('order-1', 1), 'ada')).toEqual(expected);
  });

  it('reads the document of an order unless the order is the last one or was placed after it', () => {
    const documents = ada([orderEvent('order-1', 1)]);
    const needed = (...event: Parameters<typeof orderEvent>) =>
      customerOrders.needsAll?.(documents, orderEvent(...event));
    expect(needed('order-1', 2, { status: 'confirmed' })).toBe(false);
    expect(needed('order-2', 1, { placedAt: '2026-01-15T23:00:00.000Z' })).toBe(false);
    expect(needed('order-2', 1)).toBe(true);
    expect(needed('order-2', 2, { placedAt: '2026-01-15T23:00:00.000Z' })).toBe(true);
    expect(needed('order-2', 1, { status: 'draft', placedAt: null })).toBe(true);
  });

  it('counts the version of a request for the erasure, which changes nothing else', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    expect(summaryAfter(registered, erasureRequested({ aggregateId: 'ada', version: 2 }))).toEqual({
      ...summaryAfter(registered),
      customerVersion: 2,
      version: 2,
    });
  });

  it('shows only the statuses that orders have', () => {
    const confirmed = orderEvent('order-1', 2, { status: 'confirmed' });
    const summary = summaryAfter(orderEvent('order-1', 1), orderEvent('order-2', 1), confirmed);
    expect(summary.ordersByStatus).toStrictEqual({ submitted: 1, confirmed: 1 });
    const last = orderEvent('order-2', 2, { status: 'confirmed' });
    const next = summaryAfter(orderEvent('order-1', 1), orderEvent('order-2', 1), confirmed, last);
    expect(next.ordersByStatus).toStrictEqual({ confirmed: 2 });
  });

  it('has the times of the first and the last placed order and of the last change, whatever the order of arrival', () => {
    const placedOn = (day: string) => ({ placedAt: `2026-01-${day}T10:30:00.000Z` });
    const events = [
      orderEvent('order-1', 9, placedOn('15')),
      orderEvent('order-2', 2, placedOn('12')),
      orderEvent('order-3', 3, placedOn('18')),
      orderEvent('order-4', 4, { status: 'draft', placedAt: null }),
    ];
    expect(summaryAfter(...events)).toMatchObject({
      firstOrderAt: placedOn('12').placedAt,
      lastOrderAt: placedOn('18').placedAt,
      lastUpdated: '2026-01-15T10:09:00.000Z',
      version: 18,
    });
  });

  it('ignores events of products', () => {
    const event = productAdded();
    const documents = ada([orderEvent('order-1', 1)]);
    expect(customerOrders.targetsOf(event)).toEqual([]);
    expect(customerOrders.apply(documents, event, 'ada')).toBe(documents);
  });

  it("changes only the summary for a customer's event", () => {
    const event = customerRegistered({ aggregateId: 'a/b' });
    expect(customerOrders.targetsOf(event)).toEqual([{ partitionKey: 'a/b', ids: [SUMMARY_ID] }]);
  });

  it('sorts a draft before all placed orders and does not count it', () => {
    const documents = ada([orderEvent('order-1', 1, { status: 'draft', placedAt: null })]);
    expect(documents.get('order-1')).toMatchObject({ status: 'draft', sortKey: '9999|order-1' });
    expect(documents.get(SUMMARY_ID)).toMatchObject({
      orders: 0,
      totalSpent: 0,
      ordersByStatus: {},
      firstOrderAt: null,
    });
  });

  it.each(['cancelled', 'refunded'] as const)('counts a %s order, but not its amount', (status) => {
    expect(summaryAfter(orderEvent('order-1', 1), orderEvent('order-1', 2, { status }))).toMatchObject({
      orders: 1,
      totalSpent: 0,
      ordersByStatus: { [status]: 1 },
      version: 2,
    });
  });

  it('takes the newest name from customer events, whatever their order of arrival', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    const renamed = customerRegistered({ aggregateId: 'ada', version: 2 });
    if (renamed.aggregateType !== 'Customer') throw new Error('not a customer');
    const lovelace = { ...renamed, customer: { ...renamed.customer, name: 'Countess Lovelace' } };
    for (const events of [
      [registered, lovelace],
      [lovelace, registered],
      [lovelace, lovelace],
    ]) {
      expect(summaryAfter(orderEvent('order-1', 1), ...events)).toMatchObject({
        name: 'Countess Lovelace',
        customerVersion: 2,
        version: 3,
      });
    }
  });

  it.each([
    ['draft', 0],
    ['submitted', 5998],
    ['confirmed', 5998],
    ['shipped', 5998],
    ['delivered', 0],
    ['cancelled', 0],
    ['refunded', 0],
  ] as const)('counts the credit that a %s order reserves: %i', (status, creditUsed) => {
    const order = status === 'draft' ? { status, placedAt: null } : { status };
    expect(summaryAfter(orderEvent('order-1', 2, order))).toMatchObject({ creditUsed });
  });

  it('has the customer in its place in lists when an event arrives before the registration', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    const changed = customerChanged({ version: 2, timestamp: '2026-01-16T10:30:00.000Z' }, 'Countess Lovelace');
    expect(summaryAfter(changed)).not.toHaveProperty('customerSortKey');
    expect(summaryAfter(changed, registered)).toEqual(summaryAfter(registered, changed));
  });

  it('has no contact details and no words of an erased customer', () => {
    const erased = customerChanged({ version: 2 });
    for (const events of [
      [customerRegistered(), erased],
      [erased, customerRegistered()],
    ]) {
      const summary = summaryAfter(...events);
      expect(summary.account).toEqual({ email: ERASED, phone: null, creditLimit: 100_000 });
      expect(JSON.stringify(summary)).not.toMatch(/lovelace|example/i);
    }
  });

  it('sums over the newest state of each order, for any order of arrival and any duplicates', () => {
    fc.assert(
      fc.property(
        orderLives.chain((events) => fc.tuple(fc.constant(events), disorderOf(events))),
        ([events, received]) => {
          const model = fold(customerOrders, received);
          for (const [customerId, documents] of model) {
            const orders = newestOrders(events).filter((order) => order.customerId === customerId);
            const placed = orders.filter(({ placedAt }) => placedAt !== null);
            const paid = placed.filter(({ status }) => status !== 'cancelled' && status !== 'refunded');
            // The summary has the order that was placed last.
            expect(documents.size).toBe(orders.length + (placed.length === 0 ? 1 : 0));
            expect(documents.get(SUMMARY_ID)).toMatchObject({
              orders: placed.length,
              totalSpent: paid.reduce((sum, { total }) => sum + total, 0),
              ordersByStatus: Object.fromEntries(
                [...Map.groupBy(placed, ({ status }) => status)].map(([status, { length }]) => [status, length]),
              ),
            });
          }
        },
      ),
    );
  });

  it('returns the same documents for a duplicate event, so that nothing is written', () => {
    const events = [customerRegistered({ aggregateId: 'ada' }), orderEvent('order-1', 1)];
    const documents = ada(events);
    for (const event of events) expect(customerOrders.apply(documents, event, 'ada')).toBe(documents);
  });
});
