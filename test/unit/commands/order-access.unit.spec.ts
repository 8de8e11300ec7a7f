import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../src/commands/orders/domain/commands.ts';
import { type ExistingOrder, evolveOrder, initialOrder } from '../../../src/commands/orders/domain/order.ts';
import { prepareOrderCommand } from '../../../src/commands/orders/order-handler.ts';
import { toOrderRow } from '../../../src/commands/orders/order-row.ts';
import type { Actor, Role } from '../../../src/shared/auth/authenticate.ts';
import type { OrderEvent } from '../../../src/shared/events/order-events.ts';

const orderId = 'order-1';
const confirmedAt = '2026-01-15T11:00:00.000Z';
const content = {
  ...{ customerId: 'ada', currency: 'USD', total: 5998 },
  items: [{ line: 1, productId: 'lamp', quantity: 2, price: 2999 }],
  shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
};
const created: OrderEvent = { eventType: 'OrderCreated', data: content };
const placed: OrderEvent = { eventType: 'OrderPlaced', data: { ...content, placedAt: '2026-01-15T10:30:00.000Z' } };
const confirmed: OrderEvent = { eventType: 'OrderConfirmed', data: { confirmedAt } };
const shipped: OrderEvent = {
  eventType: 'OrderShipped',
  data: { carrier: 'UPS', trackingNumber: '1Z', shippedAt: '2026-01-16T08:00:00.000Z' },
};
const delivered: OrderEvent = { eventType: 'OrderDelivered', data: { deliveredAt: '2026-01-17T08:00:00.000Z' } };
const cancelled: OrderEvent = { eventType: 'OrderCancelled', data: { reason: 'changed my mind' } };
const refunded: OrderEvent = { eventType: 'OrderRefunded', data: { reason: 'broken' } };

const orderAfter = (first: OrderEvent, ...others: readonly OrderEvent[]): ExistingOrder =>
  others.reduce<ExistingOrder>(evolveOrder, evolveOrder(initialOrder, first));
const customer = {
  ...{
    customerId: 'ada',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    phone: null,
    erased: false,
    erasureRequestedBy: null,
    version: 1,
  },
  ...{ currency: 'USD', creditLimit: 100_000, creditUsed: 5998 },
};
const SHIPMENT = { carrier: 'UPS', trackingNumber: '1Z', shippedAt: '2026-01-16T08:00:00.000Z' };
const ship: OrderCommand = { type: 'ShipOrder', orderId, ...SHIPMENT };

const actor = (role: Role, customerId?: string): Actor => ({ userId: 'caller', roles: new Set([role]), customerId });

/** The outcome when the caller ships this order of ada, or the code of the rejection. */
function outcomeFor(caller: Actor, order: ExistingOrder = orderAfter(placed, confirmed)): string {
  const prepared = prepareOrderCommand({ orderId, actor: caller, toCommand: () => ship });
  const decision = prepared.decide({ order: toOrderRow(orderId, 1, order), customer, products: [], syncLags: [] });
  return decision.outcome === 'rejected' ? decision.rejection.code : decision.outcome;
}

describe('a confirmed order', () => {
  it.each([
    ['its customer', actor('customer', 'ada')],
    ['an admin', actor('admin')],
    ['the warehouse', actor('warehouse')],
    ['a warehouse worker who is another customer', actor('warehouse', 'grace')],
  ])('can be changed by %s', (_name, caller) => {
    expect(outcomeFor(caller)).toBe('accepted');
  });

  it.each([
    ['another customer', actor('customer', 'grace')],
    ['a customer without a customer id', actor('customer')],
    ['an analyst', actor('analyst')],
  ])('does not exist for %s', (_name, caller) => {
    expect(outcomeFor(caller)).toBe('order-not-found');
  });
});

describe('to a command of the warehouse', () => {
  it.each([
    ['a draft', orderAfter(created)],
    ['a submitted order', orderAfter(placed)],
    ['a cancelled draft', orderAfter(created, cancelled)],
    ['an order cancelled before its confirmation', orderAfter(placed, cancelled)],
  ])('%s does not exist', (_name, order) => {
    expect(outcomeFor(actor('warehouse'), order)).toBe('order-not-found');
    expect(outcomeFor(actor('admin'), order)).toBe('invalid-transition');
  });

  it.each([
    ['a shipped order', orderAfter(placed, confirmed, shipped)],
    ['a delivered order', orderAfter(placed, confirmed, shipped, delivered)],
    ['an order cancelled after its confirmation', orderAfter(placed, confirmed, cancelled)],
    ['a refunded order', orderAfter(placed, confirmed, refunded)],
  ])('%s exists, in a status that does not allow it', (_name, order) => {
    expect(outcomeFor(actor('warehouse'), order)).toBe('invalid-transition');
  });
});
