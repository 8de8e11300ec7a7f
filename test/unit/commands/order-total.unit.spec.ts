import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PlaceOrder } from '../../../src/commands/orders/domain/commands.ts';
import { decideOrder } from '../../../src/commands/orders/domain/decide.ts';
import { initialOrder } from '../../../src/commands/orders/domain/order.ts';
import type { OrderFacts } from '../../../src/commands/orders/domain/rules.ts';
import { MAX_AMOUNT } from '../../../src/shared/money.ts';

/** Lines whose quantities and prices are anything up to their limits. */
const item = fc.record({
  productId: fc.constant('lamp'),
  quantity: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constant(100_000)),
  price: fc.oneof(fc.integer({ min: 0, max: 40_000_000 }), fc.integer({ min: 0, max: MAX_AMOUNT }), fc.constant(1)),
});

const facts: OrderFacts = {
  customer: { customerId: 'ada', currency: 'USD', creditLimit: MAX_AMOUNT, creditUsed: 0, erased: false },
  products: new Map([
    ['lamp', { productId: 'lamp', currency: 'USD', price: 1, available: Number.MAX_SAFE_INTEGER, discontinued: false }],
  ]),
  version: 0,
  openDrafts: 0,
};

const place = (items: PlaceOrder['items']) =>
  decideOrder(
    {
      type: 'PlaceOrder',
      orderId: 'order-1',
      customerId: 'ada',
      currency: 'USD',
      items,
      shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' },
      placedAt: '2026-01-15T10:30:00.000Z',
      setsPrices: true,
    },
    initialOrder,
    facts,
  );

it('an order is accepted with its exact total, or rejected when the exact total is above the limit', () => {
  const outcomes = { accepted: 0, rejected: 0 };
  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 500 }), (items) => {
      const total = items.reduce((sum, { quantity, price }) => sum + BigInt(quantity) * BigInt(price), 0n);
      const decision = place(items);
      outcomes[decision.outcome]++;
      if (total > BigInt(MAX_AMOUNT)) expect(decision).toMatchObject({ rejection: { code: 'validation-failed' } });
      else expect(decision).toMatchObject({ event: { data: { total: Number(total) } } });
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(Math.min(outcomes.accepted, outcomes.rejected)).toBeGreaterThan(0);
});

it.each([
  [0, 'accepted'],
  [1, 'rejected'],
] as const)('an order of 500 lines that add up to the limit and %i is %s', (above, outcome) => {
  const items = Array.from({ length: 500 }, (_, index) => ({
    productId: 'lamp',
    quantity: index === 0 ? 1 : 100_000,
    price: index === 0 ? MAX_AMOUNT - 499 * 100_000 * 20_000_000 + above : 20_000_000,
  }));
  expect(place(items).outcome).toBe(outcome);
});
