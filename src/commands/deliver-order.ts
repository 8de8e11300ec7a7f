import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';

/** Ends the way of an order; the customer’s credit is settled. */
export const deliverOrder = defineCommand({
  type: 'DeliverOrder',
  roles: ['warehouse', 'admin'],
  schema: z.strictObject({}),
  prepare: (_data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'DeliverOrder', orderId, deliveredAt: envelope.receivedAt })),
});

httpCommand(deliverOrder, { method: 'POST', route: 'orders/{orderId}/deliver' });
