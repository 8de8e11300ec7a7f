import { z } from 'zod';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const cancelOrder = defineCommand({
  type: 'CancelOrder',
  summary: 'Ends an order that is not shipped yet; stock and credit are given back.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ reason: textLine }),
  example: { reason: 'Ordered twice' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: ({ reason }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'CancelOrder', orderId, reason })),
});
