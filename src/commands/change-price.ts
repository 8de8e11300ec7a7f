import { z } from 'zod';
import { existingId } from './aggregate-id.ts';
import { amount, price } from './amounts.ts';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareProductCommand } from './product-change.ts';

/** Changes a product's price for orders from now on. */
export const changePrice = defineCommand({
  type: 'ChangePrice',
  roles: ['admin'],
  schema: z.strictObject({ price: amount }),
  prepare: (data, envelope, { defaultCurrency }) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, (product) => ({
      type: 'ChangePrice',
      productId,
      price: price(data.price, product?.currency ?? defaultCurrency, 'price'),
    }));
  },
});

httpCommand(changePrice, { method: 'PUT', route: 'products/{productId}/price' });
