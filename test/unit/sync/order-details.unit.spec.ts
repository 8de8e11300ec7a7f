import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope, OrderEventEnvelope } from '../../../src/shared/events/envelope.ts';
import { ERASED_ADDRESS } from '../../../src/shared/personal-data/placeholders.ts';
import { ORDER_DETAILS_MAPPING } from '../../../src/shared/read-models/order-details.ts';
import { historyEntryOf } from '../../../src/shared/read-models/order-history.ts';
import { orderDetails, projectOrderDetails } from '../../../src/sync/projections/order-details.ts';
import { customerChanged, customerRegistered, orderPlaced } from '../../support/events/events.ts';
import { historyOf, onlyPage } from '../../support/projections/order-pages.ts';
import { documentsOf, fold } from '../../support/projections/projections.ts';

/** An order's later events have the same shape; only their version, time and state matter to the projection. */
const orderEvent = (version: number): OrderEventEnvelope => {
  const placed = orderPlaced({ version, timestamp: new Date(Date.UTC(2026, 0, version)).toISOString() });
  return { ...placed, order: { ...placed.order, total: version * 100 } };
};

const pageAfter = (...events: readonly EventEnvelope[]) => onlyPage(fold(orderDetails, events));

describe('the order_details projection', () => {
  it('creates the order page from OrderPlaced, without email and phone', () => {
    const event = orderPlaced({ aggregateId: 'order-1' });
    expect(pageAfter(event)).toEqual({
      id: 'order-1',
      partition: 'order-1',
      sequence: 0,
      orderId: 'order-1',
      customerId: 'ada',
      customerName: 'Ada Lovelace',
      customerVersion: 0,
      status: 'submitted',
      currency: 'USD',
      items: [{ line: 1, productId: 'lamp', productName: 'Desk lamp', quantity: 2, price: 2999 }],
      total: 5998,
      shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
      placedAt: '2026-01-15T10:30:00.000Z',
      version: 1,
      lastUpdated: '2026-01-15T10:30:00.000Z',
      projectionVersion: 3,
      history: [
        {
          version: 1,
          eventType: 'OrderPlaced',
          timestamp: '2026-01-15T10:30:00.000Z',
          userId: 'ada',
          status: 'submitted',
          data: event.data,
          projectionVersion: 3,
        },
      ],
    });
  });

  it('has the entries of the first eight versions on the page, and a document for each later one', () => {
    const documents = fold(orderDetails, [7, 8, 9, 10].map(orderEvent)).get('order-1') ?? new Map();
    expect([...documents.keys()].sort()).toEqual(['!10', '!9', 'order-1']);
    expect(documents.get('order-1').history.map(({ version }: { readonly version: number }) => version)).toEqual([
      7, 8,
    ]);
  });

  it('has a document for each entry of an order with many lines, so that its page does not grow', () => {
    const line = { line: 1, productId: 'lamp', productName: 'Desk lamp', quantity: 2, price: 2999 };
    const event = orderEvent(1);
    const lines = (count: number) => ({ ...event, order: { ...event.order, items: Array(count).fill(line) } });
    expect(documentsOf(fold(orderDetails, [lines(10)]))).toHaveLength(1);
    expect(documentsOf(fold(orderDetails, [lines(11)]))).toHaveLength(2);
  });

  it('creates one history entry per event', () => {
    const event = orderPlaced({ aggregateId: 'order-1' });
    const model = fold(orderDetails, [event, orderEvent(2)]);
    expect(historyOf(model, 'order-1').map(({ id, version }) => [id, version])).toEqual([
      ['!1', 1],
      ['!2', 2],
    ]);
    expect(historyOf(model, 'order-1')[0]).toEqual({
      type: 'history',
      id: '!1',
      partition: 'order-1',
      sequence: 1,
      orderId: 'order-1',
      customerId: 'ada',
      version: 1,
      eventType: 'OrderPlaced',
      timestamp: '2026-01-15T10:30:00.000Z',
      userId: 'ada',
      status: 'submitted',
      data: event.data,
      projectionVersion: 3,
    });
  });

  it('moves the entry that version 2 of the projection has written to the page', () => {
    const event = orderPlaced({ aggregateId: 'order-1' });
    const expected = fold(orderDetails, [event]).get('order-1') ?? new Map();
    const { history: _, ...page } = expected.get('order-1');
    const entry = { ...historyEntryOf(event), projectionVersion: 2 };
    const documents = new Map([
      ['order-1', { ...page, projectionVersion: 2 }],
      ['!1', entry],
    ]);
    expect(orderDetails.needsAll?.(documents, event)).toBe(true);
    expect(orderDetails.apply(documents, event, 'order-1')).toEqual(expected);
  });

  it('returns the same documents for a duplicate event, so that nothing is written', () => {
    const model = fold(orderDetails, [orderEvent(1), orderEvent(2)]);
    const again = fold(orderDetails, [orderEvent(1), orderEvent(2)], model);
    expect(documentsOf(again)).toHaveLength(1);
    for (const [index, document] of documentsOf(again).entries()) expect(document).toBe(documentsOf(model)[index]);
  });

  it('does not let a late event revert the order', () => {
    const model = fold(orderDetails, [orderEvent(2), orderEvent(1)]);
    expect(onlyPage(model)).toMatchObject({ version: 2, total: 200, lastUpdated: '2026-01-02T00:00:00.000Z' });
    expect(historyOf(model, 'order-1').map(({ version }) => version)).toEqual([1, 2]);
  });

  it('produces the same documents for any order of arrival and any duplicates', () => {
    const events = [1, 2, 3, 4, 5, 6].map(orderEvent);
    const expected = fold(orderDetails, events);
    const disorder = fc
      .array(fc.constantFrom(...events), { maxLength: 12 })
      .chain((duplicates) =>
        fc.shuffledSubarray([...events, ...duplicates], { minLength: events.length + duplicates.length }),
      );
    fc.assert(
      fc.property(disorder, (received) => {
        expect(fold(orderDetails, received)).toEqual(expected);
      }),
    );
  });

  it('keeps a page and an entry per event in the partition of the order, and nothing for other aggregates', () => {
    const placed = orderPlaced({ aggregateId: 'order-1' });
    expect(orderDetails.targetsOf(placed)).toMatchObject([{ partitionKey: 'order-1', ids: ['order-1', '!1'] }]);
    expect(orderDetails.targetsOf(customerRegistered())).toEqual([]);
  });

  it('keeps a changed customer in a marker without a history', () => {
    const marker = { partitionKey: '!customer-ada', ids: ['!customer-ada'] };
    expect(orderDetails.targetsOf(customerChanged({ aggregateId: 'ada', version: 2 }))).toEqual([marker]);
  });

  it('encodes an order id that Cosmos DB does not accept', () => {
    const event = orderPlaced({ aggregateId: 'a/b' });
    expect(orderDetails.targetsOf(event)[0]?.partitionKey).toBe('~YS9i');
    expect(pageAfter(event)?.id).toBe('~YS9i');
    expect(pageAfter(event)?.orderId).toBe('a/b');
  });

  it('returns the same documents for duplicate events of an erased customer, so that nothing is written', () => {
    const events = [orderEvent(1), orderEvent(2), customerChanged({ version: 2 })];
    const model = fold(orderDetails, events);
    const before = new Map([...model.values()].flatMap((documents) => [...documents]));
    for (const event of events) {
      for (const [id, document] of orderDetails.apply(before, event, 'order-1')) expect(document).toBe(before.get(id));
    }
  });

  it('keeps an entry erased in a replay that reads the marker before the customer is erased', () => {
    const erased = fold(orderDetails, [orderEvent(1), customerChanged({ version: 2 })]).get('order-1') ?? new Map();
    const next = projectOrderDetails({ ...ORDER_DETAILS_MAPPING, version: 4 });
    const after = next.apply(erased, orderEvent(1), 'order-1');
    expect(historyOf(new Map([['order-1', after]]), 'order-1')).toMatchObject([
      { customerErased: true, data: { shippingAddress: ERASED_ADDRESS }, projectionVersion: 4 },
    ]);
  });

  it('keeps the reason of an expiry when the customer is erased, because it says nothing about them', () => {
    const data = { submittedAt: '2026-01-15T10:30:00.000Z', reason: 'not-confirmed-in-time' as const };
    const expired = { ...orderEvent(2), eventType: 'OrderExpired', schemaVersion: 1, data } as const;
    const model = fold(orderDetails, [orderEvent(1), expired, customerChanged({ version: 3 })]);
    expect(historyOf(model, 'order-1').at(-1)?.data).toEqual(data);
  });

  it('has customer data in each page, and in an entry whose event has some', () => {
    const placed = orderEvent(9);
    const confirmedAt = '2026-01-16T08:00:00.000Z';
    const confirmed = {
      ...orderEvent(10),
      eventType: 'OrderConfirmed',
      schemaVersion: 1,
      data: { confirmedAt },
    } as const;
    const documents = fold(orderDetails, [placed, confirmed]).get('order-1') ?? new Map();
    const withCustomerData = [...documents].filter(([, document]) => orderDetails.hasCustomerData?.(document));
    expect(withCustomerData.map(([id]) => id).sort()).toEqual(['!9', 'order-1']);
  });
});
