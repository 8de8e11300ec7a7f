import { z } from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const eraseCustomer = defineCommand({
  type: 'EraseCustomer',
  summary: 'Permanently erases a customer’s name, email, phone and addresses everywhere. Orders and totals remain.',
  roles: ['admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['customer-not-found'],
  prepare: (_data, envelope) => {
    const customerId = existingId(envelope);
    return prepareCustomerCommand(customerId, () => ({ type: 'EraseCustomer', customerId }));
  },
});
