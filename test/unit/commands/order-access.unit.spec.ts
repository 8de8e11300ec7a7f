import { describe, expect, it } from 'vitest';
import type { OrderCommand } from '../../../src/commands/orders/domain/commands.ts';
import { evolveOrder, initialOrder } from '../../../src/commands/orders/domain/order.ts';
import { prepareOrderCommand } from '../../../src/commands/orders/order-handler.ts';
import { toOrderRow } from '../../../src/commands/orders/order-row.ts';
import type { Actor, Role } from '../../../src/shared/auth/authenticate.ts';

const orderId = 'order-1';
const order = evolveOrder(initialOrder, {
  eventType: 'OrderPlaced',
  data: {
    ...{ customerId: 'ada', currency: 'USD', total: 5998, placedAt: '2026-01-15T10:30:00.000Z' },
    items: [{ line: 1, productId: 'lamp', quantity: 2, price: 2999 }],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
  },
});
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
const confirm: OrderCommand = { type: 'ConfirmOrder', orderId, confirmedAt: '2026-01-15T11:00:00.000Z' };

const actor = (role: Role, customerId?: string): Actor => ({ userId: 'caller', roles: new Set([role]), customerId });

/** The outcome of a command by this caller on the order of ada, or the code of the rejection. */
function outcomeFor(caller: Actor): string {
  const prepared = prepareOrderCommand({ orderId, actor: caller, toCommand: () => confirm });
  const decision = prepared.decide({ order: toOrderRow(orderId, 1, order), customer, products: [], syncLags: [] });
  return decision.outcome === 'rejected' ? decision.rejection.code : decision.outcome;
}

describe('an order', () => {
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
