import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';
import { textLine } from './text-fields.ts';

/** Hands a confirmed order to a carrier. */
export const shipOrder = defineCommand({
  type: 'ShipOrder',
  roles: ['warehouse', 'admin'],
  schema: z.strictObject({ carrier: textLine, trackingNumber: textLine }),
  prepare: (data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({
      type: 'ShipOrder',
      orderId,
      ...data,
      shippedAt: envelope.receivedAt,
    })),
});

httpCommand(shipOrder, { method: 'POST', route: 'orders/{orderId}/ship' });
