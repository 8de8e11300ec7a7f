import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareProductCommand } from './product-handler.ts';

export const renameProduct = defineCommand({
  type: 'RenameProduct',
  summary: 'Renames a product in the catalogue and in drafts. Submitted orders keep the name that it had.',
  roles: ['admin'],
  schema: z.strictObject({ name: textLine }),
  example: { name: 'Desk lamp, brass' },
  rejections: ['product-not-found'],
  prepare: ({ name }, envelope) => {
    const productId = existingId(envelope);
    return prepareProductCommand(productId, () => ({ type: 'RenameProduct', productId, name }));
  },
});
