import { existingId } from './aggregate-id.ts';
import { price } from './amounts.ts';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { requestedItem } from './new-order.ts';
import { prepareOrderCommand } from './order-change.ts';

/** Adds a line to a draft. */
export const addItem = defineCommand({
  type: 'AddItem',
  roles: ['customer', 'admin'],
  schema: requestedItem,
  prepare: (data, envelope, { defaultCurrency }) => {
    const orderId = existingId(envelope);
    const { actor } = envelope;
    return prepareOrderCommand({
      orderId,
      actor,
      reads: { productIds: [data.productId] },
      toCommand: (order) => ({
        type: 'AddItem',
        orderId,
        item: {
          ...data,
          price: data.price === undefined ? undefined : price(data.price, order?.currency ?? defaultCurrency, 'price'),
        },
        setsPrices: actor.roles.has('admin'),
      }),
    });
  },
});

httpCommand(addItem, { method: 'POST', route: 'orders/{orderId}/items' });
