/** The roles of the API. */
export type Role = 'admin' | 'analyst' | 'warehouse' | 'customer';

/** Somebody who uses the console. */
export interface Caller {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly customerId?: string;
}

/** Whom a developer can be: every role, and the customers of the seed. */
export const DEVELOPMENT_CALLERS: readonly Caller[] = [
  { id: 'admin', name: 'Admin', roles: ['admin'] },
  { id: 'analyst', name: 'Analyst', roles: ['analyst'] },
  { id: 'warehouse', name: 'Warehouse', roles: ['warehouse'] },
  { id: 'c1', name: 'Ada Lovelace, customer', roles: ['customer'], customerId: 'c1' },
  { id: 'c2', name: 'Grace Hopper, customer', roles: ['customer'], customerId: 'c2' },
];

export const hasRole = ({ roles }: Caller, ...wanted: readonly Role[]): boolean =>
  wanted.some((role) => roles.includes(role));
