import { z } from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const eraseCustomer = defineCommand({
  type: 'EraseCustomer',
  summary: 'Erases who a customer is, for good: name, e-mail, phone and addresses, everywhere. Orders and sums stay.',
  roles: ['admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['customer-not-found'],
  prepare: (_data, envelope) => {
    const customerId = existingId(envelope);
    return prepareCustomerCommand(customerId, () => ({ type: 'EraseCustomer', customerId }));
  },
});
