import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CustomerSummary, SUMMARY_ID } from '../../../src/shared/read-models/customer-orders.ts';
import { customerOrders } from '../../../src/sync/projections/customer-orders.ts';
import { customerRegistered } from '../../support/events/events.ts';
import { disorderOf, newestOrders, orderEvent, orderLives } from '../../support/events/order-lives.ts';
import { fold } from '../../support/projections/projections.ts';

const ada = (events: Parameters<typeof fold>[1]) => fold(customerOrders, events).get('ada') ?? new Map();
const summaryAfter = (...events: Parameters<typeof fold>[1]): CustomerSummary => ada(events).get(SUMMARY_ID);

describe('customer orders', () => {
  it('given a placed order, then its entry and the summary', () => {
    const documents = ada([orderEvent('order-1', 1)]);
    expect(documents.get('order-1')).toEqual({
      type: 'order',
      id: 'order-1',
      customerId: 'ada',
      orderId: 'order-1',
      status: 'submitted',
      currency: 'USD',
      total: 5998,
      itemCount: 1,
      counted: { orders: 1, totalSpent: 5998, ordersByStatus: { submitted: 1 } },
      placedAt: '2026-01-15T10:30:00.000Z',
      sortKey: '2026-01-15T10:30:00.000Z|order-1',
      version: 1,
      lastUpdated: '2026-01-15T10:01:00.000Z',
      projectionVersion: 1,
    });
    expect(documents.get(SUMMARY_ID)).toMatchObject({
      name: 'Ada Lovelace',
      currency: 'USD',
      orders: 1,
      totalSpent: 5998,
      firstOrderAt: '2026-01-15T10:30:00.000Z',
      lastOrderAt: '2026-01-15T10:30:00.000Z',
      ordersByStatus: { submitted: 1 },
      version: 1,
    });
  });

  it('given a draft, then an entry that sorts before all, and nothing counted', () => {
    const documents = ada([orderEvent('order-1', 1, { status: 'draft', placedAt: null })]);
    expect(documents.get('order-1')).toMatchObject({ status: 'draft', sortKey: '9999|order-1' });
    expect(documents.get(SUMMARY_ID)).toMatchObject({
      orders: 0,
      totalSpent: 0,
      ordersByStatus: {},
      firstOrderAt: null,
    });
  });

  it.each(['cancelled', 'refunded'] as const)(
    'given a %s order, then it is an order on which nothing was spent',
    (status) => {
      expect(summaryAfter(orderEvent('order-1', 1), orderEvent('order-1', 2, { status }))).toMatchObject({
        orders: 1,
        totalSpent: 0,
        ordersByStatus: { [status]: 1 },
        version: 2,
      });
    },
  );

  it('given the customer’s own events, then the newest name, whatever the order of arrival', () => {
    const registered = customerRegistered({ aggregateId: 'ada' });
    const renamed = customerRegistered({ aggregateId: 'ada', version: 2 });
    if (renamed.aggregateType !== 'Customer') throw new Error('not a customer');
    const lovelace = { ...renamed, customer: { ...renamed.customer, name: 'Countess Lovelace' } };
    for (const events of [
      [registered, lovelace],
      [lovelace, registered],
    ]) {
      expect(summaryAfter(orderEvent('order-1', 1), ...events)).toMatchObject({
        name: 'Countess Lovelace',
        version: 3,
      });
    }
  });

  it('has sums that equal those over the newest state of each order, for any disorder of the events', () => {
    fc.assert(
      fc.property(
        orderLives.chain((events) => fc.tuple(fc.constant(events), disorderOf(events))),
        ([events, received]) => {
          const model = fold(customerOrders, received);
          for (const [customerId, documents] of model) {
            const orders = newestOrders(events).filter((order) => order.customerId === customerId);
            const placed = orders.filter(({ placedAt }) => placedAt !== null);
            const paid = placed.filter(({ status }) => status !== 'cancelled' && status !== 'refunded');
            expect(documents.size).toBe(orders.length + 1);
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

  it('gives back the same documents for an event it has seen, so that nothing is written', () => {
    const model = fold(customerOrders, [orderEvent('order-1', 1)]);
    expect(fold(customerOrders, [orderEvent('order-1', 1)], model)).toEqual(model);
    const documents = model.get('ada') ?? new Map();
    expect(customerOrders.apply(documents, orderEvent('order-1', 1))).toBe(documents);
  });
});
