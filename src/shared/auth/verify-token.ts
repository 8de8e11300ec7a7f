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
import { CLOCK_TOLERANCE_SECONDS } from '../clock-tolerance.ts';
import { Problem } from '../http/problem.ts';
import type { Clock } from '../runtime.ts';

/** Whose tokens are accepted, and for whom. */
interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
}

/** Asymmetric only: a public key must never serve as an HMAC secret (RFC 8725, section 3.1). */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/**
 * Creates a verifier of tokens (RFC 7519): signature, issuer, audience and `exp`. It loads the issuer's keys for the first token, and
 * throws Problem `unauthenticated`, or `unavailable` when the keys cannot be loaded.
 * @param more further options of `jwtVerify`
 */
export function tokenVerifier(
  { issuer, audience, jwksUri }: Issuer,
  { now }: Pick<Clock, 'now'>,
  more: Pick<JWTVerifyOptions, 'maxTokenAge'> = {},
): (token: string) => Promise<JWTPayload> {
  let keys: JWTVerifyGetKey | undefined;
  const options = {
    ...more,
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
  };
  return async (token) => {
    keys ??= openKeySet(jwksUri);
    const verified = jwtVerify(token, keys, { ...options, currentDate: new Date(now()) });
    const { payload } = await verified.catch((error: unknown) => {
      throw toProblem(error);
    });
    return payload;
  };
}

/** Opens a set of public keys (JWKS, RFC 7517) at an https:// address or in a file (`file:<path>`). */
function openKeySet(jwksUri: string): JWTVerifyGetKey {
  if (!jwksUri.startsWith('file:')) return createRemoteJWKSet(new URL(jwksUri));
  return createLocalJWKSet(JSON.parse(readFileSync(jwksUri.slice('file:'.length), 'utf8')));
}

/** Maps an error of `jwtVerify` to a problem. */
function toProblem(error: unknown): Problem {
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
