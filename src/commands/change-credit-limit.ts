import { z } from 'zod';
import { existingId } from './aggregate-id.ts';
import { amount, creditLimit } from './amounts.ts';
import { defineCommand } from './bus/command.ts';
import { httpCommand } from './command-endpoint.ts';
import { prepareCustomerCommand } from './customer-change.ts';

/** Changes what a customer's open orders may hold together; never below what they hold now. */
export const changeCreditLimit = defineCommand({
  type: 'ChangeCreditLimit',
  roles: ['admin'],
  schema: z.strictObject({ creditLimit: amount }),
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
