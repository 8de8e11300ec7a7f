import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';
import { textLine } from './text-fields.ts';

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
