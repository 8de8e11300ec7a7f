import * as z from 'zod';
import { defineCommand } from '../pipeline/command.ts';
import { prepareOrderChange } from './order-handler.ts';

/** A command of the app itself (`expireOrders`). It has no route, and `POST /commands` does not know it. */
export const expireOrder = defineCommand({
  type: 'ExpireOrder',
  summary: 'Cancels an order that nobody has confirmed in time and releases its stock and credit.',
  roles: [],
  schema: z.strictObject({ submittedAt: z.iso.datetime() }),
  example: { submittedAt: '2026-01-15T10:30:00.000Z' },
  rejections: ['order-not-found', 'invalid-transition'],
  prepare: ({ submittedAt }, envelope) =>
    prepareOrderChange(envelope, (orderId) => ({ type: 'ExpireOrder', orderId, submittedAt })),
});
