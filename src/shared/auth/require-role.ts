import { Problem } from '../http/problem.ts';
import type { Actor, Role } from './authenticate.ts';

/** Lets callers through who have one of the roles. Throws Problem `forbidden`; `what` names the command or query. */
export function requireRole(actor: Actor, what: string, roles: readonly Role[]): void {
  if (roles.some((role) => actor.roles.has(role))) return;
  throw new Problem('forbidden', `${what} needs one of the roles ${roles.join(', ')}.`);
}
