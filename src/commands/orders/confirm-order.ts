import * as z from 'zod';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const confirmOrder = defineCommand({
  type: 'ConfirmOrder',
  summary: 'Accepts an order for shipping.',
  roles: ['admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: (_data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ConfirmOrder', orderId, confirmedAt: envelope.receivedAt })),
});
