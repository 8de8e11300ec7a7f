import * as z from 'zod';
import { azure, type Environment, inAzure, isAzure, isHttps, text } from './environment.ts';

/** Client ids, separated by commas. */
const clientIds = text
  .transform((list) => new Set(list.split(',').map((id) => id.trim())))
  .refine((ids) => !ids.has(''), 'must be client ids, separated by commas');

/** The accepted token issuer and clients. Keys from a file belong to the development issuer, which is rejected in Azure. */
export const auth = z
  .object({
    AUTH_ISSUER: text,
    AUTH_AUDIENCE: text,
    AUTH_ALLOWED_CLIENTS: clientIds,
    AUTH_MAX_TOKEN_HOURS: z.coerce.number('must be a number of hours').positive().max(8760).default(24),
    AUTH_CUSTOMER_CLAIM: text.default('customerId'),
    AUTH_JWKS_URI: text.regex(/^(https:\/\/|file:)/, 'must start with https:// (or file: on a developer machine)'),
    ...azure,
  })
  .refine(
    ...inAzure(
      'AUTH_JWKS_URI',
      isHttps,
      'is a file with the keys of the development issuer, which is not allowed in Azure: set the https:// address of your issuer',
    ),
  )
  .transform((env) => ({
    issuer: env.AUTH_ISSUER,
    audience: env.AUTH_AUDIENCE,
    /** The clients (applications) whose tokens are accepted. */
    allowedClients: env.AUTH_ALLOWED_CLIENTS,
    /** Maximum lifetime of a token, from `iat` to `exp`. */
    maxTokenSeconds: env.AUTH_MAX_TOKEN_HOURS * 3600,
    jwksUri: env.AUTH_JWKS_URI,
    /** The claim with the customer id of the caller. */
    customerClaim: env.AUTH_CUSTOMER_CLAIM,
  }));
export type AuthConfig = z.output<typeof auth>;

const GATEWAY_SETTINGS = ['GATEWAY_ISSUER', 'GATEWAY_AUDIENCE', 'GATEWAY_CLIENT_ID', 'GATEWAY_JWKS_URI'] as const;

const gatewaySettings = z
  .object({
    GATEWAY_ISSUER: text,
    GATEWAY_AUDIENCE: text,
    GATEWAY_CLIENT_ID: text,
    GATEWAY_JWKS_URI: text.regex(/^(https:\/\/|file:)/, 'must start with https:// (or file: on a developer machine)'),
    ...azure,
  })
  .refine(
    ...inAzure(
      'GATEWAY_JWKS_URI',
      isHttps,
      'is a file, which is not allowed in Azure: set the https:// address of the issuer',
    ),
  )
  .transform((env) => ({
    issuer: env.GATEWAY_ISSUER,
    audience: env.GATEWAY_AUDIENCE,
    /** The client id of the gateway's identity. */
    clientId: env.GATEWAY_CLIENT_ID,
    jwksUri: env.GATEWAY_JWKS_URI,
  }));
export type GatewayConfig = z.output<typeof gatewaySettings>;

/** The only gateway whose requests are answered. Undefined when the settings name none, which only a developer machine may do. */
export const gateway = z.custom<Environment>().transform((env, context): GatewayConfig | undefined => {
  if (!isAzure(env) && GATEWAY_SETTINGS.every((name) => env[name] === undefined)) return undefined;
  const result = gatewaySettings.safeParse(env);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});
