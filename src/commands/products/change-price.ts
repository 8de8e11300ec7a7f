import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { amount, minorUnits } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareProductCommand } from './product-handler.ts';

export const changePrice = defineCommand({
  type: 'ChangePrice',
  summary: "Changes a product's price for future orders.",
  roles: ['admin'],
  schema: z.strictObject({ price: amount }),
  example: { price: 27.5 },
  rejections: ['product-not-found'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, (product) => ({
      type: 'ChangePrice',
      productId,
      price: minorUnits(data.price, product?.currency ?? defaultCurrency, 'price'),
    }));
  },
});
