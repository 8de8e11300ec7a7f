import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { MAX_STOCK } from './domain/product.ts';
import { prepareProductCommand } from './product-handler.ts';

export const adjustStock = defineCommand({
  type: 'AdjustStock',
  summary: "Adds units to a product's stock or removes them.",
  roles: ['admin', 'warehouse'],
  schema: z.strictObject({
    delta: z
      .int('must be a whole number')
      .min(-MAX_STOCK, `must be at least -${MAX_STOCK}`)
      .max(MAX_STOCK, `must be at most ${MAX_STOCK}`)
      .refine((delta) => delta !== 0, 'must not be 0'),
    reason: textLine,
  }),
  example: { delta: 50, reason: 'Delivery 4711' },
  rejections: ['product-not-found', 'insufficient-stock'],
  prepare: (data, envelope) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, () => ({ type: 'AdjustStock', productId, ...data }));
  },
});
