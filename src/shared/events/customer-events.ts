import * as z from 'zod';
import { nonPersonal, personal } from '../personal-data/personal-fields.ts';
import type { EventDataOf, EventDefinition, EventOf } from './event-definition.ts';

/** The whole customer after an event (event-carried state transfer). */
export const publishedCustomer = z.strictObject({
  customerId: nonPersonal(z.string().min(1)),
  name: personal(z.string()),
  email: personal(z.string()),
  phone: personal(z.string()).nullable(),
  currency: nonPersonal(z.string()),
  creditLimit: z
    .int()
    .describe('Maximum credit that open orders can reserve in total, in minor units of the currency.'),
});
export type PublishedCustomer = z.infer<typeof publishedCustomer>;

const { name, email, phone, creditLimit } = publishedCustomer.shape;

/** The events of a customer. */
export const customerEvents = {
  CustomerRegistered: { version: 1, data: publishedCustomer },
  CustomerContactChanged: { version: 1, data: z.strictObject({ name, email, phone }) },
  CreditLimitChanged: { version: 1, data: z.strictObject({ creditLimit }) },
  /** An admin requested the erasure, which another admin must confirm. */
  CustomerErasureRequested: {
    version: 1,
    data: z.strictObject({
      requestedBy: nonPersonal(z.string().min(1)).describe("SHA-256 of the requester's user id, in hexadecimal."),
    }),
  },
  /** The customer's data key is destroyed (crypto-shredding): placeholders replace name, email and phone permanently. */
  CustomerErased: { version: 1, data: z.strictObject({}) },
} as const satisfies Record<string, EventDefinition>;

export type CustomerEventData = EventDataOf<typeof customerEvents>;
export type CustomerEvent = EventOf<CustomerEventData>;
