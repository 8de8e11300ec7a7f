import { Problem } from '../http/problem.ts';
import type { Actor, Role } from './authenticate.ts';

/** Requires that the caller has one of the roles. Throws Problem `forbidden`. `what` is the name of the command or query. */
export function requireRole(actor: Actor, what: string, roles: readonly Role[]): void {
  if (roles.some((role) => actor.roles.has(role))) return;
  throw new Problem('forbidden', `${what} requires one of the roles ${roles.join(', ')}.`);
}
