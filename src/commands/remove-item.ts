import { z } from 'zod';
import { identifier, routeId } from '../shared/http/identifiers.ts';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';

/** Takes all lines of a product out of a draft. */
export const removeItem = defineCommand({
  type: 'RemoveItem',
  roles: ['customer', 'admin'],
  schema: z.strictObject({ productId: identifier }),
  prepare: ({ productId }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'RemoveItem', orderId, productId })),
});

httpCommand(removeItem, {
  method: 'DELETE',
  route: 'orders/{orderId}/items/{productId}',
  data: (request) => ({ productId: routeId(request, 'productId') }),
});
