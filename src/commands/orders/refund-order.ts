import { z } from 'zod';
import { httpCommand } from '../http/command-endpoint.ts';
import { textLine } from '../http/text-fields.ts';
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

httpCommand(refundOrder, { method: 'POST', route: 'orders/{orderId}/refund' });
