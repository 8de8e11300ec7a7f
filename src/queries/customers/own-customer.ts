import type { Actor } from '../../shared/auth/authenticate.ts';
import { Problem } from '../../shared/http/problem.ts';

/** The customer that a request is about: the caller's own, or for an admin any. Throws Problem `forbidden`. */
export function ownCustomer({ roles, customerId: own }: Actor, customerId: string): string {
  if (roles.has('admin') || own === customerId) return customerId;
  throw new Problem('forbidden', 'A customer sees their own orders only.');
}
