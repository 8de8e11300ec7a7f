import { Problem } from '../http/problem.ts';
import type { Actor } from './authenticate.ts';

/**
 * The customer that a request is about: the caller, or for an admin any customer. Throws Problem `customer-not-found`: to others, the
 * customer does not exist.
 */
export function ownCustomer({ roles, customerId: own }: Actor, customerId: string): string {
  if (roles.has('admin') || own === customerId) return customerId;
  throw customerNotFound(customerId);
}

/** The answer for a customer who does not exist, or whom the caller may not see. */
export function customerNotFound(customerId: string): Problem {
  return new Problem('customer-not-found', `There is no customer ${customerId} that you may see.`);
}
