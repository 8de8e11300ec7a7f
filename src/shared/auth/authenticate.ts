import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey, errors as joseErrors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { AuthConfig } from '../config.ts';
import { Problem } from '../http/problem.ts';

export const ROLES = ['customer', 'admin', 'warehouse', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** Who makes a request, as a verified token says. */
export interface Actor {
  /** The token's `sub`. */
  readonly userId: string;
  readonly roles: ReadonlySet<Role>;
  /** The customer that the caller is, for the role customer. */
  readonly customerId: string | undefined;
}

/** Checks the Authorization header. Throws Problem `unauthenticated`, or `unavailable` when the issuer's keys can't be had. */
export type Authenticate = (authorization: string | null) => Promise<Actor>;

const claims = z.object({
  sub: z.string().min(1),
  /** Roles of other applications are passed over. */
  roles: z.array(z.string()).default([]),
  /** Of a directory extension Entra may make a list of one. */
  customerId: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]).optional(),
});

/** Asymmetric only: a public key must never serve as an HMAC secret (RFC 8725, section 3.1). */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** Clocks of issuer and app may differ by this much (seconds). */
const CLOCK_TOLERANCE = 60;

/** Makes the check of bearer tokens (RFC 6750, RFC 7519) for one issuer and audience. */
export function createAuthenticate(config: AuthConfig): Authenticate {
  const { issuer, audience, customerClaim } = config;
  let keys: JWTVerifyGetKey | undefined; // opened at the first request
  return async (authorization) => {
    const token = /^Bearer +([\w~+/.-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new Problem('unauthenticated', 'Send an access token in the header "Authorization: Bearer <token>".');
    }
    keys ??= openKeySet(config.jwksUri);
    const options = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE,
      requiredClaims: ['exp'],
    };
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      throw refusal(error);
    });
    const parsed = claims.safeParse({ ...payload, customerId: payload[customerClaim] });
    if (!parsed.success) {
      throw new Problem(
        'unauthenticated',
        `The access token's "sub", "roles" or "${customerClaim}" claim is not valid.`,
      );
    }
    const { sub, roles, customerId } = parsed.data;
    return { userId: sub, roles: new Set(ROLES.filter((role) => roles.includes(role))), customerId };
  };
}

function openKeySet(jwksUri: string): JWTVerifyGetKey {
  if (!jwksUri.startsWith('file:')) return createRemoteJWKSet(new URL(jwksUri));
  return createLocalJWKSet(JSON.parse(readFileSync(jwksUri.slice('file:'.length), 'utf8')));
}

function refusal(error: unknown): Problem {
  if (error instanceof joseErrors.JWTExpired) return new Problem('unauthenticated', 'The access token has expired.');
  if (error instanceof joseErrors.JWTClaimValidationFailed) {
    return new Problem('unauthenticated', `The access token's claim "${error.claim}" is missing or not accepted here.`);
  }
  if (!(error instanceof joseErrors.JOSEError) || ISSUER_FAULTS.has(error.code)) {
    const detail = 'Access tokens cannot be checked at the moment.';
    return new Problem('unavailable', detail, { retryAfter: 5, cause: error });
  }
  return new Problem('unauthenticated', 'The access token is not valid.');
}

/** The issuer's keys could not be had: no answer in time, an answer that is not 200, or none that is a set of keys. */
const ISSUER_FAULTS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);
