import * as z from 'zod';
import type { Environment } from './environment.ts';

/** How to connect to an Azure service: with a connection string (local), or to an endpoint with the app's managed identity. */
export type Connection =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly endpoint: string; readonly clientId: string | undefined };

/**
 * A connection with the setting names of Functions bindings: either `<name>` has a connection string, or `<name>__<endpoint>` has
 * the address and `<name>__clientId` the identity.
 */
export function connection(name: string, endpoint: string) {
  return z.custom<Environment>().transform((env, context): Connection => {
    const connectionString = env[name];
    if (connectionString) return { kind: 'connectionString', connectionString };
    const address = env[`${name}__${endpoint}`];
    if (address) return { kind: 'identity', endpoint: address, clientId: env[`${name}__clientId`] };
    const message = `is not set: set a connection string, or ${name}__${endpoint} for an identity-based connection`;
    context.addIssue({ code: 'custom', path: [name], message });
    return z.NEVER;
  });
}

/** The same for a connection that may be missing. */
export function optionalConnection(name: string, endpoint: string) {
  const required = connection(name, endpoint);
  return z
    .custom<Environment>()
    .transform((env) => (env[name] || env[`${name}__${endpoint}`] ? required.parse(env) : undefined));
}
