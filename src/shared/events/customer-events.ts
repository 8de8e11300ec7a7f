import { z } from 'zod';
import { open, personal } from '../personal-data/personal-fields.ts';
import type { EventDataOf, EventDefinition, EventOf } from './event-definition.ts';

/** The whole customer after an event (event-carried state transfer). */
export const publishedCustomer = z.strictObject({
  customerId: open(z.string().min(1)),
  name: personal(z.string()),
  email: personal(z.string()),
  phone: personal(z.string()).nullable(),
  currency: open(z.string()),
  creditLimit: z.int().describe('What open orders may hold together, in minor units of the currency.'),
});
export type PublishedCustomer = z.infer<typeof publishedCustomer>;

const { name, email, phone, creditLimit } = publishedCustomer.shape;

/** Every event of a customer. */
export const customerEvents = {
  CustomerRegistered: { version: 1, data: publishedCustomer },
  CustomerContactChanged: { version: 1, data: z.strictObject({ name, email, phone }) },
  CreditLimitChanged: { version: 1, data: z.strictObject({ creditLimit }) },
  /** The customer's data key is destroyed (crypto-shredding): placeholders replace name, e-mail and phone for good. */
  CustomerErased: { version: 1, data: z.strictObject({}) },
} as const satisfies Record<string, EventDefinition>;

export type CustomerEventData = EventDataOf<typeof customerEvents>;
export type CustomerEvent = EventOf<CustomerEventData>;
