import * as z from 'zod';
import { newIdentifier } from '../../shared/http/identifiers.ts';
import { newId } from '../http/aggregate-id.ts';
import { amount, currencyCode, emailAddress, minorUnits, textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const registerCustomer = defineCommand({
  type: 'RegisterCustomer',
  summary: 'Registers a customer, who can then place orders up to the credit limit.',
  roles: ['admin'],
  schema: z.strictObject({
    customerId: newIdentifier.optional(),
    name: textLine,
    email: emailAddress,
    phone: textLine.optional(),
    currency: currencyCode.optional(),
    creditLimit: amount,
  }),
  example: {
    customerId: 'customer-1',
    name: 'Ada Lovelace',
    email: 'ada@example.com',
    phone: '+1 206 555 0142',
    currency: 'USD',
    creditLimit: 10_000,
  },
  rejections: ['customer-exists'],
  prepare: (data, envelope, { defaultCurrency }) => {
    const { currency = defaultCurrency, name, email, phone = null } = data;
    const customerId = newId(envelope, data.customerId);
    const creditLimit = minorUnits(data.creditLimit, currency, 'creditLimit');
    return prepareCustomerCommand(customerId, () => ({
      type: 'RegisterCustomer',
      customerId,
      name,
      email,
      phone,
      currency,
      creditLimit,
    }));
  },
});
