import { z } from 'zod';

/** The customer as a whole after an event. */
export const customerSnapshot = z.strictObject({
  customerId: z.string().min(1),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  currency: z.string(),
  creditLimit: z.int(),
});
export type CustomerSnapshot = z.infer<typeof customerSnapshot>;

/** A customer may order from now on, up to the credit limit (minor units). */
export const customerRegistered = customerSnapshot;
export type CustomerRegistered = z.infer<typeof customerRegistered>;
