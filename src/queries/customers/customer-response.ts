import * as z from 'zod';
import { addExactly, sumToDecimal, toDecimal } from '../../shared/money.ts';
import type { CustomerAccount, CustomerSummary } from '../../shared/read-models/customer-orders.ts';

/** A customer in API responses. */
export const customer = z
  .strictObject({
    customerId: z.string(),
    name: z.string(),
    email: z.string(),
    phone: z.string().exactOptional(),
    currency: z.string(),
    creditLimit: z.number().describe('Maximum credit that open orders can use in total.'),
    creditAvailable: z.number().min(0).describe('Credit that new orders can use.'),
    version: z.int().positive().describe('Version of the customer, which orders do not change.'),
    lastUpdated: z.iso.datetime().describe('When the customer or one of their orders last changed.'),
  })
  .meta({ id: 'Customer' });

/** The properties of a customer's summary that the responses show. */
export const CUSTOMER_PROPERTIES = [
  'customerId',
  'name',
  'currency',
  'account',
  'creditUsed',
  'customerVersion',
  'lastUpdated',
] as const satisfies readonly (keyof CustomerSummary)[];

/** A customer whose own events have arrived. */
export type KnownCustomer = Pick<CustomerSummary, (typeof CUSTOMER_PROPERTIES)[number]> & {
  readonly account: CustomerAccount;
};

/** Maps a customer to the API response. */
export function toCustomer(known: KnownCustomer): z.output<typeof customer> {
  const { customerId, name, currency, account, creditUsed = 0, customerVersion, lastUpdated } = known;
  const { email, phone, creditLimit } = account;
  const available = addExactly(creditLimit, creditUsed, -1);
  return {
    customerId,
    name,
    email,
    ...(phone !== null && { phone }),
    currency,
    creditLimit: toDecimal(creditLimit, currency),
    // Orders can arrive before the change of the limit that made them possible.
    creditAvailable: Math.max(0, sumToDecimal(available, currency)),
    version: customerVersion,
    lastUpdated,
  };
}
