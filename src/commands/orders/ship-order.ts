import * as z from 'zod';
import { textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

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
