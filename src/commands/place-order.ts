import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import { z } from 'zod';
import { identifier } from '../shared/http/identifiers.ts';
import { Problem } from '../shared/http/problem.ts';
import { invalid } from '../shared/http/validate.ts';
import { amount, currencyCode, MAX_LINES, price, quantity } from './amounts.ts';
import { type CommandEnvelope, defineCommand } from './bus/command.ts';
import { commandEndpoint } from './command-endpoint.ts';
import { prepareOrderCommand } from './order-change.ts';
import { postalAddress } from './text-fields.ts';

/** Places an order: creates and submits it in one step. */
export const placeOrder = defineCommand({
  type: 'PlaceOrder',
  roles: ['customer', 'admin'],
  schema: z.strictObject({
    orderId: identifier.optional(),
    customerId: identifier,
    currency: currencyCode.optional(),
    items: z
      .array(z.strictObject({ productId: identifier, quantity, price: amount.optional() }))
      .min(1, 'must have at least 1 line')
      .max(MAX_LINES, `must have at most ${MAX_LINES} lines: place several orders`),
    shippingAddress: postalAddress,
    placedAt: z.iso
      .datetime({ offset: true, error: 'must be a time by ISO 8601, such as 2026-01-31T10:30:00Z' })
      .optional(),
  }),
  prepare: ({ placedAt, items, ...data }, envelope, { defaultCurrency }) => {
    const isAdmin = envelope.actor.roles.has('admin');
    if (!isAdmin && data.customerId !== envelope.actor.customerId) {
      throw new Problem('forbidden', 'A customer places orders for themselves only.');
    }
    const currency = data.currency ?? defaultCurrency;
    return prepareOrderCommand(
      {
        type: 'PlaceOrder',
        orderId: data.orderId ?? randomUUID(),
        customerId: data.customerId,
        currency,
        items: items.map((item, index) => ({
          ...item,
          price: item.price === undefined ? undefined : price(item.price, currency, `items.${index}.price`),
        })),
        shippingAddress: data.shippingAddress,
        placedAt: placedAt === undefined ? envelope.receivedAt : placedInThePast(placedAt, envelope),
        setsPrices: isAdmin,
      },
      { customerId: data.customerId, productIds: [...new Set(items.map(({ productId }) => productId))] },
    );
  },
});

/** An order's date as an admin may set it, for orders that were made elsewhere. */
function placedInThePast(placedAt: string, { actor, receivedAt }: CommandEnvelope): string {
  if (!actor.roles.has('admin')) throw new Problem('forbidden', 'Only an admin sets placedAt: leave it out.');
  const utc = new Date(placedAt).toISOString();
  if (utc > receivedAt) throw invalid([{ path: 'placedAt', message: 'must not be in the future' }]);
  return utc;
}

app.http('placeOrder', {
  methods: ['POST'],
  route: 'orders',
  authLevel: 'anonymous',
  handler: commandEndpoint(placeOrder.type),
});
