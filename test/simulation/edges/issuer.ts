import { createPrivateKey } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import type { Actor } from '../../../src/shared/auth/authenticate.ts';
import { STARTS_AT } from '../kernel/world.ts';

/** PKCS #8 of an Ed25519 key, up to its 32 bytes (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** This private key is not a secret: it signs tokens for simulated apps only. Its public part is in jwks.json. */
const KEY = createPrivateKey({
  key: Buffer.concat([PKCS8, Buffer.alloc(32, 'simulation')]),
  format: 'der',
  type: 'pkcs8',
});

/** The settings of apps that accept the tokens. */
export const ISSUER = {
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'orders',
  AUTH_ALLOWED_CLIENTS: 'shop',
  AUTH_JWKS_URI: `file:${fileURLToPath(new URL('jwks.json', import.meta.url))}`,
};

/** Seconds for which a token is valid, from the start of the simulated time. */
const LIFETIME_S = 3_600;

/** Signed tokens by their claims. All runs share them, because signing a token takes longer than most requests. */
const tokens = new Map<string, Promise<string>>();

/** A token of a caller. It is signed outside of the simulated time. */
export function tokenOf({ userId, roles, customerId }: Actor): Promise<string> {
  const claims = { scp: 'access', azp: ISSUER.AUTH_ALLOWED_CLIENTS, roles: [...roles], customerId };
  const name = JSON.stringify([userId, claims]);
  const known = tokens.get(name) ?? sign(userId, claims);
  tokens.set(name, known);
  return known;
}

function sign(subject: string, claims: Readonly<Record<string, unknown>>): Promise<string> {
  const issuedAt = Math.floor(STARTS_AT / 1_000);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'simulation' })
    .setSubject(subject)
    .setIssuer(ISSUER.AUTH_ISSUER)
    .setAudience(ISSUER.AUTH_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_S)
    .sign(KEY);
}
