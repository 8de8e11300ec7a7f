import * as z from 'zod';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const refundOrder = defineCommand({
  type: 'RefundOrder',
  summary: 'Refunds an order and releases its credit. Its stock is not returned.',
  roles: ['admin'],
  schema: z.strictObject({ reason: textLine }),
  example: { reason: 'Arrived broken' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: ({ reason }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'RefundOrder', orderId, reason })),
});
