import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  errors as joseErrors,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { CLOCK_TOLERANCE_SECONDS } from '../clock-tolerance.ts';
import type { AuthConfig } from '../config.ts';
import { Problem } from '../http/problem.ts';
import type { Clock } from '../runtime.ts';
import { refuseAccessToken } from './access-token.ts';

export const ROLES = ['customer', 'admin', 'warehouse', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** The caller of a request, from a verified token. */
export interface Actor {
  /** The token's `sub`. */
  readonly userId: string;
  readonly roles: ReadonlySet<Role>;
  /** The caller's customer id, for the role `customer`. */
  readonly customerId: string | undefined;
}

/**
 * Verifies the Authorization header. Throws Problem `unauthenticated`, or `unavailable` when the issuer's keys cannot be loaded.
 */
export type Authenticate = (authorization: string | null) => Promise<Actor>;

const claims = z.object({
  sub: z.string().min(1),
  /** A list, or a string with roles separated by blanks. Roles of other applications are ignored. */
  roles: z.union([z.array(z.string()), z.string().transform((text) => text.split(' '))]).default([]),
  /** Entra may return a directory extension as a list with one element. */
  customerId: z.union([z.string(), z.tuple([z.string()]).transform(([only]) => only)]).optional(),
});

/** Asymmetric only: a public key must never serve as an HMAC secret (RFC 8725, section 3.1). */
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Creates a verifier of bearer tokens (RFC 6750, RFC 7519) for one issuer, one audience, and the allowed clients. */
export function createAuthenticate(config: AuthConfig, { now }: Pick<Clock, 'now'>): Authenticate {
  let keys: JWTVerifyGetKey | undefined; // loaded on the first request
  return async (authorization) => {
    const token = /^Bearer +([\w~+/.-]+=*) *$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      throw new Problem('unauthenticated', 'Send an access token in the header "Authorization: Bearer <token>".');
    }
    keys ??= openKeySet(config.jwksUri);
    const { payload } = await jwtVerify(token, keys, verifyOptions(config, now())).catch((error: unknown) => {
      throw toProblem(error);
    });
    const refusal = refuseAccessToken(payload, config);
    if (refusal !== undefined) throw new Problem('unauthenticated', refusal);
    return toActor(payload, config.customerClaim);
  };
}

/** `maxTokenAge` requires `iat`, which must not be in the future: otherwise it would not limit the token's lifetime. */
const verifyOptions = ({ issuer, audience, maxTokenSeconds }: AuthConfig, now: number): JWTVerifyOptions => ({
  issuer,
  audience,
  algorithms: ALGORITHMS,
  clockTolerance: CLOCK_TOLERANCE_SECONDS,
  requiredClaims: ['exp'],
  maxTokenAge: maxTokenSeconds,
  currentDate: new Date(now),
});

function toActor(payload: JWTPayload, customerClaim: string): Actor {
  const parsed = claims.safeParse({ ...payload, customerId: payload[customerClaim] });
  if (!parsed.success) {
    throw new Problem('unauthenticated', `The access token's "sub", "roles" or "${customerClaim}" claim is not valid.`);
  }
  const { sub, roles, customerId } = parsed.data;
  return { userId: sub, roles: new Set(ROLES.filter((role) => roles.includes(role))), customerId };
}

/** Opens a set of public keys (JWKS, RFC 7517) at an https:// address or in a file (`file:<path>`). */
export function openKeySet(jwksUri: string): JWTVerifyGetKey {
  if (!jwksUri.startsWith('file:')) return createRemoteJWKSet(new URL(jwksUri));
  return createLocalJWKSet(JSON.parse(readFileSync(jwksUri.slice('file:'.length), 'utf8')));
}

/** Maps an error of `jwtVerify` to a problem. */
export function toProblem(error: unknown): Problem {
  if (error instanceof joseErrors.JWTExpired && error.claim === 'exp')
    return new Problem('unauthenticated', 'The access token has expired.');
  if (error instanceof joseErrors.JWTClaimValidationFailed || error instanceof joseErrors.JWTExpired) {
    return new Problem('unauthenticated', `The access token's claim "${error.claim}" is missing or not accepted here.`);
  }
  if (!(error instanceof joseErrors.JOSEError) || ISSUER_FAULTS.has(error.code)) {
    const detail = 'Access tokens cannot be checked at the moment.';
    return new Problem('unavailable', detail, { retryAfter: 5, cause: error });
  }
  return new Problem('unauthenticated', 'The access token is not valid.');
}

/** The issuer's keys could not be loaded: a timeout, a status other than 200, or a response that is not a key set. */
const ISSUER_FAULTS = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);
