import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareProductCommand } from './product-handler.ts';

export const discontinueProduct = defineCommand({
  type: 'DiscontinueProduct',
  summary:
    'Permanently discontinues a product: it can no longer be ordered, and lists leave it out. Its own page and existing orders stay as they are.',
  roles: ['admin'],
  schema: z.strictObject({ reason: textLine }),
  example: { reason: 'No longer made' },
  rejections: ['product-not-found', 'product-discontinued'],
  prepare: ({ reason }, envelope) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, () => ({ type: 'DiscontinueProduct', productId, reason }));
  },
});
