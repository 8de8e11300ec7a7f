import * as z from 'zod';
import { identifier, isUuid, newIdentifier } from '../../shared/http/identifiers.ts';
import { Problem } from '../../shared/http/problem.ts';
import { invalid } from '../../shared/http/validate.ts';
import { newId } from '../http/aggregate-id.ts';
import { AMOUNT, amount, currencyCode, minorUnits, quantity } from '../http/fields.ts';
import type { CommandEnvelope, CommandSettings, PreparedCommand } from '../pipeline/command.ts';
import type { CreateOrder, PlaceOrder } from './domain/commands.ts';
import { MAX_LINES } from './domain/rules.ts';
import { prepareOrderCommand } from './order-handler.ts';

/** An order line as a client requests it. */
export const requestedItem = z.strictObject({
  productId: identifier,
  quantity,
  price: amount
    .describe(`Defaults to the catalogue price. Only an admin may set a different price. ${AMOUNT}`)
    .optional(),
});

/** What CreateOrder and PlaceOrder have in common. */
export const newOrder = {
  orderId: newIdentifier
    .describe(
      'Chosen by the client, so that it can retry; generated when absent. Customers should send a random UUID: a deployment can require it (setting `CUSTOMER_ORDER_IDS`).',
    )
    .optional(),
  customerId: identifier,
  currency: currencyCode.optional(),
  items: z.array(requestedItem).max(MAX_LINES, `must have at most ${MAX_LINES} lines: place several orders`),
};

/** What CreateOrder and PlaceOrder have in common, as the domain's commands. */
type NewOrder = Omit<CreateOrder, 'type' | 'shippingAddress' | 'maxOpenDrafts'>;

/** Prepares a command that creates an order. Customers can order only for themselves; an admin can order for any customer. */
export function prepareNewOrder(
  data: z.output<z.ZodObject<typeof newOrder>>,
  envelope: CommandEnvelope,
  { defaultCurrency, customerOrderIds }: CommandSettings,
  toCommand: (order: NewOrder) => CreateOrder | PlaceOrder,
): PreparedCommand {
  const { actor } = envelope;
  const setsPrices = actor.roles.has('admin');
  const { customerId, currency = defaultCurrency } = data;
  const orderId = newId(envelope, data.orderId);
  if (!setsPrices && customerOrderIds === 'uuid') requireUuid(orderId, data.orderId);
  if (!setsPrices && customerId !== actor.customerId) {
    throw new Problem('forbidden', 'Customers can place orders only for themselves.');
  }
  const items = data.items.map((item, index) => ({
    ...item,
    price: item.price === undefined ? undefined : minorUnits(item.price, currency, `items.${index}.price`),
  }));
  const command = toCommand({ orderId, customerId, currency, items, setsPrices });
  const productIds = [...new Set(items.map(({ productId }) => productId))];
  return prepareOrderCommand({
    orderId,
    actor,
    creates: true,
    maxOpenDrafts: command.type === 'CreateOrder' ? command.maxOpenDrafts : undefined,
    reads: { customerId, productIds },
    toCommand: () => command,
  });
}

/** Nobody can guess a random UUID, so a customer can neither take another customer's id nor find out that it exists. */
function requireUuid(orderId: string, inData: string | undefined): void {
  if (isUuid(orderId)) return;
  const path = inData === undefined ? 'aggregateId' : 'orderId';
  throw invalid([{ path, message: 'must be a UUID: choose a random one, or omit it to have one generated' }]);
}
