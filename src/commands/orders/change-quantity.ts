import * as z from 'zod';
import { lineNumber, quantity } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const changeQuantity = defineCommand({
  type: 'ChangeQuantity',
  summary: 'Changes the quantity of one line of a draft.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ line: lineNumber, quantity }),
  example: { line: 1, quantity: 3 },
  rejections: [
    'order-not-found',
    'customer-not-found',
    'invalid-transition',
    'product-not-found',
    'product-discontinued',
  ],
  prepare: (data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ChangeQuantity', orderId, ...data })),
});
