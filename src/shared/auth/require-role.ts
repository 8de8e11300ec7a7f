import { Problem } from '../http/problem.ts';
import type { Actor, Role } from './authenticate.ts';

/** Requires that the caller has one of the roles. Throws Problem `forbidden`. `what` is the name of the command or query. */
export function requireRole(actor: Actor, what: string, roles: readonly Role[]): void {
  if (roles.some((role) => actor.roles.has(role))) return;
  const required = roles.length === 1 ? `the role ${roles[0]}` : `one of the roles ${roles.join(', ')}`;
  throw new Problem('forbidden', `${what} requires ${required}.`);
}
