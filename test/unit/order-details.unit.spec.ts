import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEventEnvelope } from '../../src/shared/events/envelope.ts';
import type { OrderDetails } from '../../src/shared/read-models/order-details.ts';
import { orderDetails } from '../../src/sync/order-details.ts';
import { customerRegistered, orderPlaced } from '../support/events.ts';

/** An order's later events have the same shape; only their version, time and state matter to the projection. */
const orderEvent = (version: number): OrderEventEnvelope => {
  const placed = orderPlaced({ version, timestamp: new Date(Date.UTC(2026, 0, version)).toISOString() });
  return { ...placed, order: { ...placed.order, total: version * 100 } };
};

const fold = (events: readonly OrderEventEnvelope[]) =>
  events.reduce<OrderDetails | undefined>((document, event) => orderDetails.apply(document, event), undefined);

describe('order details', () => {
  it('given OrderPlaced, then the order page without e-mail and phone', () => {
    const event = orderPlaced({ aggregateId: 'order-1' });
    expect(orderDetails.apply(undefined, event)).toEqual({
      id: 'order-1',
      orderId: 'order-1',
      customerId: 'ada',
      customerName: 'Ada Lovelace',
      status: 'submitted',
      currency: 'USD',
      items: [{ line: 1, productId: 'lamp', productName: 'Desk lamp', quantity: 2, price: 2999 }],
      total: 5998,
      shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
      placedAt: '2026-01-15T10:30:00.000Z',
      history: [
        {
          version: 1,
          eventType: 'OrderPlaced',
          timestamp: '2026-01-15T10:30:00.000Z',
          userId: 'ada',
          data: event.data,
        },
      ],
      version: 1,
      lastUpdated: '2026-01-15T10:30:00.000Z',
    });
  });

  it('gives back the same document for an event it has seen, so that nothing is written', () => {
    const document = fold([orderEvent(1), orderEvent(2)]);
    expect(orderDetails.apply(document, orderEvent(1))).toBe(document);
    expect(orderDetails.apply(document, orderEvent(2))).toBe(document);
  });

  it('does not let a late event take the order back', () => {
    const document = fold([orderEvent(2), orderEvent(1)]);
    expect(document).toMatchObject({ version: 2, total: 200, lastUpdated: '2026-01-02T00:00:00.000Z' });
    expect(document?.history.map(({ version }) => version)).toEqual([1, 2]);
  });

  it('is the same document for any shuffle and duplication of an order’s events', () => {
    const events = [1, 2, 3, 4, 5, 6].map(orderEvent);
    const expected = fold(events);
    const disorder = fc
      .array(fc.constantFrom(...events), { maxLength: 12 })
      .chain((duplicates) =>
        fc.shuffledSubarray([...events, ...duplicates], { minLength: events.length + duplicates.length }),
      );
    fc.assert(
      fc.property(disorder, (received) => {
        expect(fold(received)).toEqual(expected);
      }),
    );
  });

  it('keeps one document per order, and none for other aggregates', () => {
    expect(orderDetails.keyOf(orderPlaced({ aggregateId: 'order-1' }))).toEqual({
      id: 'order-1',
      partitionKey: 'order-1',
    });
    expect(orderDetails.keyOf(customerRegistered())).toBeUndefined();
  });

  it('keeps an id that Cosmos DB does not take under another one that no plain id has', () => {
    const event = orderPlaced({ aggregateId: 'a/b' });
    expect(orderDetails.keyOf(event)?.id).toBe('~YS9i');
    expect(orderDetails.apply(undefined, event)?.id).toBe('~YS9i');
    expect(orderDetails.apply(undefined, event)?.orderId).toBe('a/b');
  });
});
