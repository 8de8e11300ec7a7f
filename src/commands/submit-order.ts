import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';

/** Makes a draft an order, which holds stock and credit from now on. */
export const submitOrder = defineCommand({
  type: 'SubmitOrder',
  roles: ['customer', 'admin'],
  schema: z.strictObject({}),
  prepare: (_data, envelope) => {
    const setsPrices = envelope.actor.roles.has('admin');
    return prepareOrderChange(envelope, (orderId) => ({
      type: 'SubmitOrder',
      orderId,
      placedAt: envelope.receivedAt,
      setsPrices,
    }));
  },
});

httpCommand(submitOrder, { method: 'POST', route: 'orders/{orderId}/submit' });
