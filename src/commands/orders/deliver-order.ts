import * as z from 'zod';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const deliverOrder = defineCommand({
  type: 'DeliverOrder',
  summary: 'Marks the order as delivered and settles the credit that it uses.',
  roles: ['warehouse', 'admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: (_data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'DeliverOrder', orderId, deliveredAt: envelope.receivedAt })),
});
