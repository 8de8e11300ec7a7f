import * as z from 'zod';
import { CLOCK_TOLERANCE_SECONDS } from '../../shared/clock-tolerance.ts';
import { Problem } from '../../shared/http/problem.ts';
import { utcTime } from '../../shared/http/times.ts';
import { invalid } from '../../shared/http/validate.ts';
import { postalAddress } from '../http/fields.ts';
import { type CommandEnvelope, defineCommand } from '../pipeline/command.ts';
import { newOrder, prepareNewOrder } from './new-order.ts';

export const placeOrder = defineCommand({
  type: 'PlaceOrder',
  summary: 'Places an order: creates and submits it in one step.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({
    ...newOrder,
    items: newOrder.items.min(1, 'must have at least 1 line'),
    shippingAddress: postalAddress,
    placedAt: utcTime
      .describe(
        'Only an admin may set it. Must not be in the future; 60 seconds are tolerated, because clocks differ. Defaults to now.',
      )
      .optional(),
  }),
  example: {
    orderId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e02',
    customerId: 'c1',
    items: [{ productId: 'p1', quantity: 2, price: 29.99 }],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' },
    currency: 'USD',
  },
  rejections: [
    'order-exists',
    'customer-not-found',
    'product-not-found',
    'product-discontinued',
    'currency-mismatch',
    'price-changed',
    'insufficient-stock',
    'credit-limit-exceeded',
  ],
  prepare: ({ placedAt: sent, shippingAddress, ...data }, envelope, settings) => {
    const placedAt = sent === undefined ? envelope.receivedAt : validatePlacedAt(sent, envelope);
    return prepareNewOrder(data, envelope, settings, (order) => ({
      type: 'PlaceOrder',
      ...order,
      shippingAddress,
      placedAt,
    }));
  },
});

/** No real order is older. */
const EARLIEST = '1970-01-01T00:00:00.000Z';

/** Validates a `placedAt` from the client, in UTC. An admin may set it for orders that were placed in another system. */
function validatePlacedAt(placedAt: string, { actor, receivedAt }: CommandEnvelope): string {
  if (!actor.roles.has('admin')) throw new Problem('forbidden', 'Only an admin may set placedAt: leave it out.');
  if (placedAt > latestPlacedAt(receivedAt))
    throw invalid([{ path: 'placedAt', message: 'must not be in the future' }]);
  if (placedAt < EARLIEST) throw invalid([{ path: 'placedAt', message: `must not be before ${EARLIEST}` }]);
  return placedAt;
}

/** The latest `placedAt` (ISO 8601 UTC) that a client's clock may show when its command is received. */
function latestPlacedAt(receivedAt: string): string {
  return new Date(Date.parse(receivedAt) + CLOCK_TOLERANCE_SECONDS * 1000).toISOString();
}
