import * as z from 'zod';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const submitOrder = defineCommand({
  type: 'SubmitOrder',
  summary: 'Submits a draft, which reserves stock and credit.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: [
    'order-not-found',
    'customer-not-found',
    'invalid-transition',
    'empty-order',
    'product-discontinued',
    'price-changed',
    'insufficient-stock',
    'credit-limit-exceeded',
  ],
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
