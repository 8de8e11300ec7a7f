import { z } from 'zod';

/** The customer as a whole after an event. */
export const customerSnapshot = z.strictObject({
  customerId: z.string().min(1),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  currency: z.string(),
  creditLimit: z.int().describe('What open orders may hold together, in minor units of the currency.'),
});
export type CustomerSnapshot = z.infer<typeof customerSnapshot>;

const { name, email, phone, creditLimit } = customerSnapshot.shape;

/** What each event says has changed. */
export const customerEventData = {
  CustomerRegistered: customerSnapshot,
  CustomerContactChanged: z.strictObject({ name, email, phone }),
  CreditLimitChanged: z.strictObject({ creditLimit }),
  /** Who the customer was is gone for good: their data key is destroyed, and placeholders stand for name, e-mail and phone. */
  CustomerErased: z.strictObject({}),
};
