import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JWKSCacheInput,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  errors as joseErrors,
  jwksCache,
  jwtVerify,
} from 'jose';
import { LRUCache } from 'lru-cache';
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

/** Maximum tokens whose verification is cached. The least recently used one is evicted. */
const MAX_REMEMBERED = 5_000;
/** Maximum time (ms) for which a verification is cached: as long as the issuer's keys. */
const REMEMBERED_MS = 600_000;

/** The issuer's public keys. */
interface KeySet {
  readonly find: JWTVerifyGetKey;
  /** Returns another object after each load of the keys, and undefined when they must be loaded before the next verification. */
  readonly loaded: () => object | undefined;
}

/** A verified token's claims, and the keys with which it was verified; undefined when they have become too old meanwhile. */
interface Verification {
  readonly payload: JWTPayload;
  readonly keys: object | undefined;
}

/**
 * Creates a verifier of tokens (RFC 7519): signature, issuer, audience and `exp`. It loads the issuer's keys for the first token, and
 * throws Problem `unauthenticated`, or `unavailable` when the keys cannot be loaded. A verified token is not verified again until it
 * expires, is too old, or the keys are loaded again.
 * @param maxTokenAge limit (s) of the time since the token's `iat`
 */
export function tokenVerifier(
  { issuer, audience, jwksUri }: Issuer,
  { now }: Pick<Clock, 'now'>,
  { maxTokenAge = Number.POSITIVE_INFINITY }: { readonly maxTokenAge?: number } = {},
): (token: string) => Promise<JWTPayload> {
  let keys: KeySet | undefined;
  const options = {
    ...(Number.isFinite(maxTokenAge) && { maxTokenAge }),
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
  };
  const remembered = new LRUCache<string, Verification>({
    // Each entry has size 1, so this limits their number. With `max`, the cache would allocate memory for all entries at once.
    maxSize: MAX_REMEMBERED,
    sizeCalculation: () => 1,
    ttlResolution: 0,
    perf: { now },
  });
  return async (token) => {
    keys ??= openKeySet(jwksUri);
    const id = hash('sha256', token, 'base64');
    const known = remembered.get(id);
    if (known !== undefined && known.keys === keys.loaded()) return known.payload;
    const verified = await verify(token, keys, { ...options, currentDate: new Date(now()) });
    const { exp = 0, iat = 0 } = verified.payload;
    const acceptedUntil = (Math.min(exp, iat + maxTokenAge) + CLOCK_TOLERANCE_SECONDS) * 1000;
    const ttl = Math.min(acceptedUntil - now() - 1, REMEMBERED_MS);
    if (ttl > 0 && verified.keys !== undefined) remembered.set(id, verified, { ttl });
    return verified.payload;
  };
}

/** Throws Problem `unauthenticated` or `unavailable`. */
async function verify(token: string, { find, loaded }: KeySet, options: JWTVerifyOptions): Promise<Verification> {
  let keys: object | undefined;
  const findKey: JWTVerifyGetKey = async (header, jws) => {
    const before = loaded();
    const key = await find(header, jws);
    // Another request can load other keys in the meantime, or while the signature is verified. The key may not be among those.
    const after = loaded();
    keys = before === undefined || before === after ? after : undefined;
    return key;
  };
  const { payload } = await jwtVerify(token, findKey, options).catch((error: unknown) => {
    throw toProblem(error);
  });
  return { payload, keys };
}

/** Opens a set of public keys (JWKS, RFC 7517) at an https:// address or in a file (`file:<path>`). */
function openKeySet(jwksUri: string): KeySet {
  if (jwksUri.startsWith('file:')) {
    const find = createLocalJWKSet(JSON.parse(readFileSync(jwksUri.slice('file:'.length), 'utf8')));
    return { find, loaded: () => find };
  }
  // jose stores the keys here whenever it has loaded them: when they are too old, and for a token with an unknown key.
  const cache: JWKSCacheInput = {};
  const find = createRemoteJWKSet(new URL(jwksUri), { [jwksCache]: cache });
  return { find, loaded: () => (find.fresh ? cache.jwks : undefined) };
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
