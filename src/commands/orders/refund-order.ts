import { z } from 'zod';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const refundOrder = defineCommand({
  type: 'RefundOrder',
  summary: 'Pays an order back; the credit it holds is given back, the goods are not.',
  roles: ['admin'],
  schema: z.strictObject({ reason: textLine }),
  example: { reason: 'Arrived broken' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: ({ reason }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'RefundOrder', orderId, reason })),
});
