import { describe, expect, it } from 'vitest';
import { EVENTS, type EventEnvelope } from '../../../src/shared/events/envelope.ts';
import { personalFieldsOf, unmarkedStrings } from '../../../src/shared/personal-data/personal-fields.ts';
import { PAYLOAD_SCHEMAS, payloadOf } from '../../../src/sync/webhooks/payload.ts';
import { customerChanged, customerRegistered, orderPlaced, productAdded } from '../../support/events/events.ts';

const eventId = '00000000-0000-4000-8000-000000000001';
const payload = (event: EventEnvelope) => JSON.parse(payloadOf(event));

describe('the payload of a message', () => {
  it('has the event and the order after it, money as decimal amounts, and nothing about a person', () => {
    expect(payload(orderPlaced({ eventId }))).toEqual({
      type: 'OrderPlaced',
      timestamp: '2026-01-15T10:30:00.000Z',
      data: {
        eventId,
        aggregateType: 'Order',
        aggregateId: 'order-1',
        version: 1,
        change: {
          customerId: 'ada',
          currency: 'USD',
          items: [{ line: 1, productId: 'lamp', quantity: 2, price: 29.99 }],
          total: 59.98,
          placedAt: '2026-01-15T10:30:00.000Z',
        },
        order: {
          orderId: 'order-1',
          customerId: 'ada',
          status: 'submitted',
          currency: 'USD',
          items: [{ line: 1, productId: 'lamp', productName: 'Desk lamp', quantity: 2, price: 29.99 }],
          total: 59.98,
          placedAt: '2026-01-15T10:30:00.000Z',
        },
      },
    });
  });

  it('has of a customer the credit limit, and no name', () => {
    expect(payload(customerRegistered({ eventId })).data).toMatchObject({
      customer: { customerId: 'ada', currency: 'USD', creditLimit: 1000 },
    });
    expect(payloadOf(customerRegistered())).not.toMatch(/lovelace|ada@example/i);
  });

  it('has of a product all fields', () => {
    const { data } = payload(productAdded({ eventId }));
    expect(data.product).toEqual({ productId: 'lamp', name: 'Desk lamp', price: 29.99, currency: 'USD' });
    expect(data.change.stock).toBe(10);
  });

  it('is the same for an erased customer as before, except that their events say so', () => {
    const { data, type } = payload(customerChanged({ eventId }));
    expect([type, data.change, JSON.stringify(data).includes('[erased]')]).toEqual(['CustomerErased', {}, false]);
  });
});

describe('the schema of a payload', () => {
  it.each(Object.keys(EVENTS))('has no personal field: %s', (eventType) => {
    const schema = PAYLOAD_SCHEMAS.get(eventType);
    if (schema === undefined) throw new Error(`${eventType} has no payload.`);
    expect([personalFieldsOf(schema), unmarkedStrings(schema)]).toEqual([undefined, []]);
  });
});
