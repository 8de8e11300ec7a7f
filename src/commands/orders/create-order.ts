import * as z from 'zod';
import { postalAddress } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { newOrder, prepareNewOrder } from './new-order.ts';

export const createOrder = defineCommand({
  type: 'CreateOrder',
  summary: 'Creates a draft. A draft reserves no stock or credit until it is submitted.',
  roles: ['customer', 'admin'],
  schema: z.strictObject({
    ...newOrder,
    items: newOrder.items.default([]),
    shippingAddress: postalAddress.optional(),
  }),
  example: {
    orderId: '5a9f2f6e-1c1d-4b7e-8f57-2f0c9a7d1e01',
    customerId: 'c1',
    items: [
      { productId: 'p1', quantity: 2 },
      { productId: 'p2', quantity: 1 },
      { productId: 'p3', quantity: 1 },
    ],
    shippingAddress: { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' },
  },
  rejections: [
    'order-exists',
    'customer-not-found',
    'product-not-found',
    'product-discontinued',
    'currency-mismatch',
    'price-changed',
    'too-many-drafts',
  ],
  prepare: ({ shippingAddress = null, ...data }, envelope, settings) =>
    prepareNewOrder(data, envelope, settings, (order) => ({
      type: 'CreateOrder',
      ...order,
      shippingAddress,
      maxOpenDrafts: settings.maxOpenDrafts,
    })),
});
