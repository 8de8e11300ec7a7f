import { randomUUID } from 'node:crypto';
import { app } from '@azure/functions';
import { z } from 'zod';
import { identifier } from '../shared/http/identifiers.ts';
import { amount, creditLimit, currencyCode } from './amounts.ts';
import { defineCommand } from './bus/command.ts';
import { commandEndpoint } from './command-endpoint.ts';
import { prepareCustomerCommand } from './customer-change.ts';
import { textLine } from './text-fields.ts';

/** Registers a customer, who may order up to the credit limit from now on. */
export const registerCustomer = defineCommand({
  type: 'RegisterCustomer',
  roles: ['admin'],
  schema: z.strictObject({
    customerId: identifier.optional(),
    name: textLine,
    email: z.email('must be an e-mail address').max(254, 'must have at most 254 characters'),
    phone: textLine.optional(),
    currency: currencyCode.optional(),
    creditLimit: amount,
  }),
  prepare: (data, _envelope, { defaultCurrency }) => {
    const currency = data.currency ?? defaultCurrency;
    return prepareCustomerCommand({
      type: 'RegisterCustomer',
      customerId: data.customerId ?? randomUUID(),
      name: data.name,
      email: data.email,
      phone: data.phone ?? null,
      currency,
      creditLimit: creditLimit(data.creditLimit, currency, 'creditLimit'),
    });
  },
});

app.http('registerCustomer', {
  methods: ['POST'],
  route: 'customers',
  authLevel: 'anonymous',
  handler: commandEndpoint(registerCustomer.type),
});
