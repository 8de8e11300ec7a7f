import { z } from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { amount, price } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareProductCommand } from './product-handler.ts';

export const changePrice = defineCommand({
  type: 'ChangePrice',
  summary: "Changes a product's price for orders from now on.",
  roles: ['admin'],
  schema: z.strictObject({ price: amount }),
  example: { price: 27.5 },
  rejections: ['product-not-found'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, (product) => ({
      type: 'ChangePrice',
      productId,
      price: price(data.price, product?.currency ?? defaultCurrency, 'price'),
    }));
  },
});
