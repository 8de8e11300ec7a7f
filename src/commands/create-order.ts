import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { newOrder, prepareNewOrder } from './new-order.ts';
import { postalAddress } from './text-fields.ts';

/** Begins a draft, which holds nothing of anyone until it is submitted. */
export const createOrder = defineCommand({
  type: 'CreateOrder',
  roles: ['customer', 'admin'],
  schema: z.strictObject({
    ...newOrder,
    items: newOrder.items.default([]),
    shippingAddress: postalAddress.optional(),
  }),
  prepare: ({ shippingAddress = null, ...data }, envelope, settings) =>
    prepareNewOrder(data, envelope, settings, (order) => ({ type: 'CreateOrder', ...order, shippingAddress })),
});

httpCommand(createOrder, { method: 'POST', route: 'orders/drafts' });
