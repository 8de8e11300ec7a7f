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
const rolesThatSee = (caller: Actor, status: OrderStatus = 'draft') => [
  ...viewersOf(caller, { customerId: 'ada', status }),
];

describe('an order', () => {
  it('is seen by its customer in every status', () => {
    for (const status of ORDER_STATUSES) expect(rolesThatSee(actor(['customer'], 'ada'), status)).toEqual(['customer']);
  });

  it('is seen by an admin in every status', () => {
    for (const status of ORDER_STATUSES) expect(rolesThatSee(actor(['admin']), status)).toEqual(['admin']);
  });

  it('is seen by the warehouse while it is to be shipped or was shipped', () => {
    const seen = ORDER_STATUSES.filter((status) => rolesThatSee(actor(['warehouse']), status).length > 0);
    expect(seen).toEqual(['confirmed', 'shipped', 'delivered']);
  });

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
