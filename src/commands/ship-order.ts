import { z } from 'zod';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareOrderChange } from './order-change.ts';
import { textLine } from './text-fields.ts';

export const shipOrder = defineCommand({
  type: 'ShipOrder',
  summary: 'Hands a confirmed order to a carrier.',
  roles: ['warehouse', 'admin'],
  schema: z.strictObject({ carrier: textLine, trackingNumber: textLine }),
  example: { carrier: 'UPS', trackingNumber: '1Z999AA10123456784' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: (data, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({
      type: 'ShipOrder',
      orderId,
      ...data,
      shippedAt: envelope.receivedAt,
    })),
});

httpCommand(shipOrder, { method: 'POST', route: 'orders/{orderId}/ship' });
