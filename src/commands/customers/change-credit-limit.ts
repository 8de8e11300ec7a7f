import { z } from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { amount, creditLimit } from '../http/amounts.ts';
import { httpCommand } from '../http/command-endpoint.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const changeCreditLimit = defineCommand({
  type: 'ChangeCreditLimit',
  summary: "Changes what a customer's open orders may hold together; never below what they hold now.",
  roles: ['admin'],
  schema: z.strictObject({ creditLimit: amount }),
  example: { creditLimit: 20_000 },
  rejections: ['customer-not-found', 'credit-limit-exceeded'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const customerId = existingId(envelope);
    return prepareCustomerCommand(customerId, (customer) => ({
      type: 'ChangeCreditLimit',
      customerId,
      creditLimit: creditLimit(data.creditLimit, customer?.currency ?? defaultCurrency, 'creditLimit'),
    }));
  },
});

httpCommand(changeCreditLimit, { method: 'PUT', route: 'customers/{customerId}/credit-limit' });
