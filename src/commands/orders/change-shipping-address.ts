import { postalAddress } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

export const changeShippingAddress = defineCommand({
  type: 'ChangeShippingAddress',
  summary: 'Changes where an order goes, until it is shipped.',
  roles: ['customer', 'admin'],
  schema: postalAddress,
  example: { street: '5 Pine St', city: 'Seattle', state: 'WA', zip: '98101', country: 'US' },
  rejections: ['order-not-found', 'customer-not-found', 'invalid-transition'],
  prepare: (shippingAddress, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ChangeShippingAddress', orderId, shippingAddress })),
});
