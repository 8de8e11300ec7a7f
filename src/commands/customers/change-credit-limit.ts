import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { amount, minorUnits } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const changeCreditLimit = defineCommand({
  type: 'ChangeCreditLimit',
  summary: "Changes a customer's credit limit. It cannot be lower than the credit that open orders already use.",
  roles: ['admin'],
  schema: z.strictObject({ creditLimit: amount }),
  example: { creditLimit: 20_000 },
  rejections: ['customer-not-found', 'credit-limit-exceeded'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const customerId = existingId(envelope);
    return prepareCustomerCommand(customerId, (customer) => ({
      type: 'ChangeCreditLimit',
      customerId,
      creditLimit: minorUnits(data.creditLimit, customer?.currency ?? defaultCurrency, 'creditLimit'),
    }));
  },
});
