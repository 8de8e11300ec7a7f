import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEvent } from '../../../src/shared/events/decode.ts';
import { EVENTS, isEventType } from '../../../src/shared/events/envelope.ts';
import { upcast } from '../../../src/shared/events/upcasters.ts';
import { orderDetails } from '../../../src/sync/projections/order-details.ts';
import { orderPlaced } from '../../support/events/events.ts';
import { noKeys } from '../../support/events/personal-data.ts';
import { historyOf, pagesOf } from '../../support/projections/order-pages.ts';
import { fold } from '../../support/projections/projections.ts';

/** An OrderPlaced as the log stored it before currencies were introduced. */
const STORED_V1 = `{
  "eventId": "3f2c1a60-5a0f-4c07-9d7e-7a1f3f6f8a01",
  "eventType": "OrderPlaced",
  "schemaVersion": 1,
  "aggregateType": "Order",
  "aggregateId": "order-1",
  "version": 1,
  "timestamp": "2024-11-02T09:15:00.000Z",
  "correlationId": "correlation-1",
  "causationId": "command-1",
  "metadata": { "userId": "ada", "source": "http" },
  "data": {
    "customerId": "ada",
    "items": [{ "line": 1, "productId": "lamp", "quantity": 2, "price": 2999 }],
    "total": 5998,
    "shippingAddress": { "street": "123 Main St", "city": "Seattle", "state": "WA", "zip": "98101" },
    "placedAt": "2024-11-02T09:15:00.000Z"
  },
  "order": {
    "orderId": "order-1",
    "customerId": "ada",
    "customerName": "Ada Lovelace",
    "customerEmail": "ada@example.com",
    "customerPhone": null,
    "status": "submitted",
    "items": [{ "line": 1, "productId": "lamp", "productName": "Desk lamp", "quantity": 2, "price": 2999 }],
    "total": 5998,
    "shippingAddress": { "street": "123 Main St", "city": "Seattle", "state": "WA", "zip": "98101" },
    "placedAt": "2024-11-02T09:15:00.000Z"
  }
}`;

const decoded = (body: string) => {
  const result = decodeEvent(body, noKeys);
  if (result.kind !== 'event' || result.event.aggregateType !== 'Order') throw new Error(JSON.stringify(result));
  return result.event;
};

describe('OrderPlaced version 1', () => {
  it('is upcast to version 2 with the currency USD', () => {
    const stored = JSON.parse(STORED_V1);
    expect(decodeEvent(STORED_V1, noKeys)).toEqual({
      kind: 'event',
      event: {
        ...stored,
        schemaVersion: 2,
        data: { ...stored.data, currency: 'USD' },
        order: { ...stored.order, currency: 'USD' },
      },
    });
  });

  it('is undecodable with an invalid field, which is named', () => {
    const body = STORED_V1.replace('"quantity": 2', '"quantity": 0');
    expect(decodeEvent(body, noKeys)).toMatchObject({
      kind: 'undecodable',
      reason: expect.stringContaining('quantity'),
    });
  });

  it('is undecodable with a currency, which only later versions have', () => {
    const body = STORED_V1.replace('"total": 5998', '"total": 5998, "currency": "EUR"');
    expect(decodeEvent(body, noKeys)).toMatchObject({
      kind: 'undecodable',
      reason: expect.stringContaining('currency'),
    });
  });

  it('is projected together with newer events', () => {
    const confirmed = {
      ...orderPlaced({ aggregateId: 'order-1', version: 2, timestamp: '2026-01-15T10:30:00.000Z' }),
      eventType: 'OrderConfirmed',
      schemaVersion: 1,
      data: { confirmedAt: '2026-01-15T10:30:00.000Z' },
    };
    const model = fold(orderDetails, [STORED_V1, JSON.stringify(confirmed)].map(decoded));
    const [order] = pagesOf(model);
    expect(order).toMatchObject({ version: 2, currency: 'USD', total: 5998 });
    expect(historyOf(model, order?.orderId ?? '').map(({ version, data }) => ({ version, data }))).toEqual([
      { version: 1, data: { ...JSON.parse(STORED_V1).data, currency: 'USD' } },
      { version: 2, data: { confirmedAt: '2026-01-15T10:30:00.000Z' } },
    ]);
  });
});

describe('a schemaVersion', () => {
  it.each([3, 0, 1.5, '2', null, undefined])('that is unknown (%j) makes an event undecodable', (schemaVersion) => {
    expect(decodeEvent(JSON.stringify({ ...orderPlaced(), schemaVersion }), noKeys)).toEqual({
      kind: 'undecodable',
      reason: `it is not a valid OrderPlaced: its schemaVersion is ${JSON.stringify(schemaVersion)}, but this app knows only 1 to 2`,
    });
  });

  it('that is current leaves the event unchanged', () => {
    const anyEventType = fc.constantFrom(...Object.keys(EVENTS).filter(isEventType));
    fc.assert(
      fc.property(anyEventType, fc.jsonValue(), (eventType, event) => {
        expect(upcast(eventType, EVENTS[eventType].version, event)).toEqual({ kind: 'upcast', event });
      }),
    );
  });
});
