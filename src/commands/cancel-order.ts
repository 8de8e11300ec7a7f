import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';
import { textLine } from './text-fields.ts';

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

httpCommand(cancelOrder, { method: 'POST', route: 'orders/{orderId}/cancel' });
