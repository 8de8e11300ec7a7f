import { existingId } from '../http/aggregate-id.ts';
import { minorUnits } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { requestedItem } from './new-order.ts';
import { prepareOrderCommand } from './order-handler.ts';

export const addItem = defineCommand({
  type: 'AddItem',
  summary: 'Adds a line to a draft.',
  roles: ['customer', 'admin'],
  schema: requestedItem,
  example: { productId: 'p2', quantity: 1 },
  rejections: [
    'order-not-found',
    'customer-not-found',
    'invalid-transition',
    'product-not-found',
    'product-discontinued',
    'currency-mismatch',
    'price-changed',
  ],
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
          price:
            data.price === undefined
              ? undefined
              : minorUnits(data.price, order.status === 'none' ? defaultCurrency : order.currency, 'price'),
        },
        setsPrices: actor.roles.has('admin'),
      }),
    });
  },
});
