import { describe, expect, it } from 'vitest';
import { viewersOf } from '../../../src/queries/orders/order-reader.ts';
import type { Actor, Role } from '../../../src/shared/auth/authenticate.ts';
import { ORDER_STATUSES, type OrderStatus } from '../../../src/shared/events/order-events.ts';

const actor = (roles: readonly Role[], customerId?: string): Actor => ({
  userId: 'caller',
  roles: new Set(roles),
  customerId,
});

/** The roles in which the caller sees an order of ada in this status; none when it does not exist for the caller. */
const rolesThatSee = (caller: Actor, status: OrderStatus = 'draft', confirmedAt?: string) => [
  ...viewersOf(caller, { customerId: 'ada', status, confirmedAt }),
];

describe('an order', () => {
  it('is seen by its customer in every status', () => {
    for (const status of ORDER_STATUSES) expect(rolesThatSee(actor(['customer'], 'ada'), status)).toEqual(['customer']);
  });

  it('is seen by an admin in every status', () => {
    for (const status of ORDER_STATUSES) expect(rolesThatSee(actor(['admin']), status)).toEqual(['admin']);
  });

  it('is seen by the warehouse from its confirmation on', () => {
    const confirmedAt = '2026-01-15T11:00:00.000Z';
    for (const status of ['confirmed', 'shipped', 'delivered', 'cancelled', 'refunded'] as const) {
      expect(rolesThatSee(actor(['warehouse']), status, confirmedAt)).toEqual(['warehouse']);
    }
  });

  it.each(['draft', 'submitted', 'cancelled'] as const)(
    'does not exist for the warehouse while it is %s and was never confirmed',
    (status) => {
      expect(rolesThatSee(actor(['warehouse']), status)).toEqual([]);
    },
  );

  it.each([
    ['another customer', actor(['customer'], 'grace')],
    ['a customer without a customer id', actor(['customer'])],
    ['an analyst', actor(['analyst'], 'ada')],
    ['its customer without the role', actor([], 'ada')],
  ])('does not exist for %s', (_who, caller) => {
    for (const status of ORDER_STATUSES) expect(rolesThatSee(caller, status)).toEqual([]);
  });

  it('is seen in each role of the caller that sees it', () => {
    expect(rolesThatSee(actor(['customer', 'warehouse'], 'ada'))).toEqual(['customer']);
    expect(rolesThatSee(actor(['customer', 'warehouse'], 'grace'), 'shipped')).toEqual(['warehouse']);
    expect(rolesThatSee(actor(['customer', 'warehouse'], 'ada'), 'shipped')).toEqual(['customer', 'warehouse']);
  });
});
