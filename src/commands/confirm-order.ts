import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';

/** Accepts an order for shipping. */
export const confirmOrder = defineCommand({
  type: 'ConfirmOrder',
  roles: ['admin'],
  schema: z.strictObject({}),
  prepare: (_data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ConfirmOrder', orderId, confirmedAt: envelope.receivedAt })),
});

httpCommand(confirmOrder, { method: 'POST', route: 'orders/{orderId}/confirm' });
