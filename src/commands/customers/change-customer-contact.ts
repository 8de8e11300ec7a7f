import * as z from 'zod';
import { ownCustomer } from '../../shared/auth/own-customer.ts';
import { existingId } from '../http/aggregate-id.ts';
import { emailAddress, textLine } from '../http/fields.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const changeCustomerContact = defineCommand({
  type: 'ChangeCustomerContact',
  summary: "Changes a customer's contact details. Omitted fields stay unchanged.",
  roles: ['customer', 'admin'],
  schema: z
    .strictObject({ name: textLine.optional(), email: emailAddress.optional(), phone: textLine.nullable().optional() })
    .refine((data) => Object.keys(data).length > 0, 'must have at least one of name, email and phone'),
  example: { email: 'ada.lovelace@example.com', phone: '+1 206 555 0100' },
  rejections: ['customer-not-found'],
  prepare: ({ name, email, phone }, envelope) => {
    const customerId = ownCustomer(envelope.actor, existingId(envelope));
    return prepareCustomerCommand(customerId, () => ({
      type: 'ChangeCustomerContact',
      customerId,
      name,
      email,
      phone,
    }));
  },
});
