import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';
import { postalAddress } from './text-fields.ts';

/** Changes where an order goes, until it is shipped. */
export const changeShippingAddress = defineCommand({
  type: 'ChangeShippingAddress',
  roles: ['customer', 'admin'],
  schema: postalAddress,
  prepare: (shippingAddress, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ChangeShippingAddress', orderId, shippingAddress })),
});

httpCommand(changeShippingAddress, { method: 'PUT', route: 'orders/{orderId}/shipping-address' });
