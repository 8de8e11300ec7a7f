import type * as z from 'zod';
import type { Role } from './authenticate.ts';

/** What a role sees of a response. */
export interface RoleView {
  /** The records that the role sees, where it does not see all of them, such as "confirmed orders". */
  readonly records?: string;
  /** The fields that the role sees, where it does not see all of them. Not strict: it removes every other field. */
  readonly schema?: z.ZodType<object>;
}

/** The roles that see only a part. A role that is not listed sees everything; a customer sees only their own records. */
export type RoleViews = Readonly<Partial<Record<Role, RoleView>>>;

/**
 * Removes the fields that none of the roles sees from a response.
 * @param viewers the roles in which the caller sees the record; at least one
 */
export function projectTo<Body extends object>(
  body: Body,
  views: RoleViews,
  viewers: ReadonlySet<Role>,
): Body | object {
  const [first, ...others] = [...viewers].map((role) => views[role]?.schema);
  if (viewers.size === 0) throw new Error('No role sees the response.');
  return first === undefined || others.includes(undefined) ? body : first.parse(body);
}
