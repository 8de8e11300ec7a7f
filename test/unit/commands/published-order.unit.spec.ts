import { describe, expect, it } from 'vitest';
import { evolveOrder, initialOrder } from '../../../src/commands/orders/domain/order.ts';
import { toPublishedOrder } from '../../../src/commands/orders/published-order.ts';
import { publishedOrder } from '../../../src/shared/events/order-events.ts';

const shippingAddress = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const item = { line: 1, productId: 'lamp', quantity: 2, price: 2999 };
const data = {
  customerId: 'ada',
  currency: 'USD',
  items: [item],
  total: 5998,
  shippingAddress,
  placedAt: '2026-01-15T10:30:00.000Z',
};
const ada = {
  customerId: 'ada',
  name: 'Ada Lovelace',
  currency: 'USD',
  erasureRequestedBy: null,
  email: 'ada@example.com',
  phone: null,
  creditLimit: 100_000,
  creditUsed: 0,
  erased: false,
  version: 3,
};

describe('the order in an event', () => {
  it('has the fields of its contract', () => {
    const placed = evolveOrder(initialOrder, { eventType: 'OrderPlaced', data });
    const order = toPublishedOrder('order-1', placed, ada, () => 'Lamp');
    expect(order).toStrictEqual({
      ...{ orderId: 'order-1', status: 'submitted', ...data, items: [{ ...item, productName: 'Lamp' }] },
      ...{ customerName: 'Ada Lovelace', customerEmail: 'ada@example.com', customerPhone: null, customerVersion: 3 },
    });
    expect(publishedOrder.safeParse(order)).toMatchObject({ success: true });
  });

  it('has no field that only the state has', () => {
    const note = { note: 'ring twice' };
    const placed = evolveOrder(initialOrder, {
      eventType: 'OrderPlaced',
      data: { ...data, ...note, items: [{ ...item, ...note }] },
    });
    expect(JSON.stringify(toPublishedOrder('order-1', placed, ada, () => 'Lamp'))).not.toContain('ring twice');
  });
});
