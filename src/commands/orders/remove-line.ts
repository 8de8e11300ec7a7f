import * as z from 'zod';
import { lineNumber } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const removeLine = defineCommand({
  type: 'RemoveLine',
  summary: 'Removes one line of a draft. The other lines keep their numbers.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ line: lineNumber }),
  example: { line: 1 },
  rejections: ['order-not-found', 'customer-not-found', 'invalid-transition', 'product-not-found'],
  prepare: ({ line }, envelope) => prepareOrderChange(envelope, (orderId) => ({ type: 'RemoveLine', orderId, line })),
});
