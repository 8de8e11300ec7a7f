import { z } from 'zod';
import { identifier } from '../../shared/http/identifiers.ts';
import { Problem } from '../../shared/http/problem.ts';
import { newId } from '../http/aggregate-id.ts';
import { amount, currencyCode, price, quantity } from '../http/fields.ts';
import type { CommandEnvelope, CommandSettings, PreparedCommand } from '../pipeline/command.ts';
import type { CreateOrder, OrderCommand } from './domain/commands.ts';
import { MAX_LINES } from './domain/rules.ts';
import { prepareOrderCommand } from './order-handler.ts';

/** One line as a client asks for it. */
export const requestedItem = z.strictObject({
  productId: identifier,
  quantity,
  price: amount.describe("The catalogue's price when it is left out; only an admin may set another one.").optional(),
});

/** What CreateOrder and PlaceOrder have in common. */
export const newOrder = {
  orderId: identifier.optional(),
  customerId: identifier,
  currency: currencyCode.optional(),
  items: z.array(requestedItem).max(MAX_LINES, `must have at most ${MAX_LINES} lines: place several orders`),
};

/** Prepares a command that makes an order: for the caller's own customer, or by an admin for anyone. */
export function prepareNewOrder(
  data: z.output<z.ZodObject<typeof newOrder>>,
  envelope: CommandEnvelope,
  { defaultCurrency }: CommandSettings,
  toCommand: (order: Omit<CreateOrder, 'type' | 'shippingAddress'>) => OrderCommand,
): PreparedCommand {
  const { actor } = envelope;
  const setsPrices = actor.roles.has('admin');
  const { customerId, currency = defaultCurrency } = data;
  const orderId = newId(envelope, data.orderId);
  if (!setsPrices && customerId !== actor.customerId) {
    throw new Problem('forbidden', 'A customer places orders for themselves only.');
  }
  const items = data.items.map((item, index) => ({
    ...item,
    price: item.price === undefined ? undefined : price(item.price, currency, `items.${index}.price`),
  }));
  const command = toCommand({ orderId, customerId, currency, items, setsPrices });
  const productIds = [...new Set(items.map(({ productId }) => productId))];
  return prepareOrderCommand({ orderId, reads: { customerId, productIds }, toCommand: () => command });
}
