import * as z from 'zod';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const cancelOrder = defineCommand({
  type: 'CancelOrder',
  summary: 'Cancels an order that has not shipped yet and releases its stock and credit.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ reason: textLine }),
  example: { reason: 'Ordered twice' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: ({ reason }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'CancelOrder', orderId, reason })),
});
