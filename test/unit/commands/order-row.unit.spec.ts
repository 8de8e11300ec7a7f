import { describe, expect, it } from 'vitest';
import type { ExistingOrder } from '../../../src/commands/orders/domain/order.ts';
import { toOrderRow, toOrderState } from '../../../src/commands/orders/order-row.ts';

const shippingAddress = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };
const placedAt = '2026-01-15T10:30:00.000Z';
const confirmedAt = '2026-01-15T11:00:00.000Z';
const shippedTracking = { carrier: 'UPS', trackingNumber: '1Z', shippedAt: '2026-01-16T08:00:00.000Z' };
const deliveredTracking = { ...shippedTracking, deliveredAt: '2026-01-18T15:00:00.000Z' };

const content = {
  customerId: 'ada',
  currency: 'USD',
  items: [
    { line: 1, productId: 'lamp', quantity: 2, price: 2999 },
    { line: 3, productId: 'lamp', quantity: 1, price: 2500 },
  ],
  total: 8498,
  lastLine: 4,
};
const placed = { ...content, shippingAddress, placedAt };
const confirmed = { ...placed, confirmedAt };

const states: readonly (readonly [string, ExistingOrder])[] = [
  ['a draft', { ...content, shippingAddress, status: 'draft', placedAt: null }],
  [
    'an empty draft without an address',
    { ...content, items: [], total: 0, shippingAddress: null, status: 'draft', placedAt: null },
  ],
  ['a submitted order', { ...placed, status: 'submitted' }],
  ['a confirmed order', { ...confirmed, status: 'confirmed' }],
  ['a shipped order', { ...confirmed, status: 'shipped', tracking: shippedTracking }],
  ['a delivered order', { ...confirmed, status: 'delivered', tracking: deliveredTracking }],
  ['a cancelled draft', { ...content, shippingAddress: null, status: 'cancelled', placedAt: null }],
  ['an order cancelled after submission', { ...placed, status: 'cancelled' }],
  ['an order cancelled after confirmation', { ...confirmed, status: 'cancelled' }],
  ['an order refunded after confirmation', { ...confirmed, status: 'refunded' }],
  ['an order refunded after delivery', { ...confirmed, status: 'refunded', tracking: deliveredTracking }],
];

const stateOf = (name: string) => {
  const state = new Map(states).get(name);
  if (state === undefined) throw new Error(`There is no ${name}.`);
  return state;
};

describe('an order row', () => {
  it.each(states)('stores and restores %s', (_name, state) => {
    expect(toOrderState(toOrderRow('order-1', 3, state))).toStrictEqual(state);
  });

  it('has null for fields that the state does not have', () => {
    expect(toOrderRow('order-1', 3, stateOf('a submitted order'))).toStrictEqual({
      orderId: 'order-1',
      version: 3,
      ...placed,
      status: 'submitted',
      confirmedAt: null,
      tracking: null,
    });
  });

  it.each<[string, 'shippingAddress' | 'placedAt' | 'confirmedAt' | 'tracking']>([
    ['a submitted order', 'shippingAddress'],
    ['a submitted order', 'placedAt'],
    ['a confirmed order', 'confirmedAt'],
    ['a shipped order', 'tracking'],
    ['a delivered order', 'tracking'],
    ['a delivered order', 'confirmedAt'],
    ['an order refunded after confirmation', 'placedAt'],
    ['an order refunded after confirmation', 'confirmedAt'],
  ])('for %s cannot be read without its %s', (name, column) => {
    const state = stateOf(name);
    const row = { ...toOrderRow('order-1', 3, state), [column]: null };
    expect(() => toOrderState(row)).toThrow(`Order order-1 is stored as ${state.status} without its ${column}.`);
  });
});
