import * as z from 'zod';
import { identifier } from '../../shared/http/identifiers.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const removeItem = defineCommand({
  type: 'RemoveItem',
  summary: 'Removes all lines of a product from a draft.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ productId: identifier }),
  example: { productId: 'p2' },
  rejections: ['order-not-found', 'customer-not-found', 'invalid-transition', 'product-not-found'],
  prepare: ({ productId }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'RemoveItem', orderId, productId })),
});
