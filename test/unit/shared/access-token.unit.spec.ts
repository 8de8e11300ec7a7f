import type { JWTPayload } from 'jose';
import { describe, expect, it } from 'vitest';
import { refuseAccessToken } from '../../../src/shared/auth/access-token.ts';

const HOUR = 3600;
const ISSUED = 1_800_000_000;
const LIFE: JWTPayload = { sub: 'ada', iat: ISSUED, exp: ISSUED + HOUR };
const CONFIG = { allowedClients: new Set(['shop', 'admin-page']), maxTokenSeconds: 24 * HOUR };

/** Undefined omits a claim. */
type Claims = Readonly<Record<string, unknown>>;

const refuse = (claims: Claims) => refuseAccessToken({ ...LIFE, ...claims }, CONFIG);

describe('an access token is accepted', () => {
  it.each<[string, Claims]>([
    ['of a user, from Entra v2.0', { ver: '2.0', azp: 'shop', azpacr: '0', scp: 'access_as_user', roles: ['admin'] }],
    ['of a user, from Entra v1.0', { ver: '1.0', appid: 'shop', appidacr: '0', scp: 'access_as_user' }],
    ['of an app, from Entra', { ver: '2.0', azp: 'admin-page', idtyp: 'app', roles: ['admin'] }],
    ['of Auth0', { azp: 'shop', scope: 'openid orders' }],
    ['of Keycloak', { azp: 'shop', typ: 'Bearer', scope: 'profile email' }],
    ['of Okta', { cid: 'shop', scp: ['orders'] }],
    ['by RFC 9068', { client_id: 'shop', scope: 'orders' }],
    ['with the longest life', { azp: 'shop', scp: 'orders', exp: ISSUED + 24 * HOUR }],
  ])('%s', (_, claims) => {
    expect(refuse(claims)).toBeUndefined();
  });
});

const NO_SCOPE =
  'The access token has neither the claim "scp" (or "scope"), as in a user\'s token, nor "idtyp" with the value "app".';
const OTHER_CLIENT = (claim: string) => `The access token's claim "${claim}" names a client that is not accepted here.`;

describe('a token is refused', () => {
  it.each<[string, Claims, string]>([
    ['that is an ID token without a nonce', { azp: 'shop', roles: ['admin'] }, NO_SCOPE],
    ['with an empty scope', { azp: 'shop', scp: ' ' }, NO_SCOPE],
    ['with an empty list of scopes', { azp: 'shop', scp: [] }, NO_SCOPE],
    ['of another type', { azp: 'shop', idtyp: 'user' }, NO_SCOPE],
    [
      'with a nonce',
      { azp: 'shop', scp: 'orders', nonce: 'n' },
      'The claim "nonce" belongs to an ID token. Send an access token.',
    ],
    [
      'with the hash of an access token',
      { azp: 'shop', scp: 'orders', at_hash: 'h' },
      'The claim "at_hash" belongs to an ID token. Send an access token.',
    ],
    [
      'with the hash of a code',
      { azp: 'shop', scp: 'orders', c_hash: 'h' },
      'The claim "c_hash" belongs to an ID token. Send an access token.',
    ],
    [
      'that names no client',
      { scp: 'orders' },
      'The access token has no claim "azp", which names the client that it was issued to.',
    ],
    ['of another client (azp)', { scp: 'orders', azp: 'other' }, OTHER_CLIENT('azp')],
    ['of another client (appid)', { scp: 'orders', appid: 'other' }, OTHER_CLIENT('appid')],
    [
      'of another client beside an allowed one',
      { scp: 'orders', azp: 'shop', client_id: 'other' },
      OTHER_CLIENT('client_id'),
    ],
    ['whose client is not a string', { scp: 'orders', azp: ['shop'] }, OTHER_CLIENT('azp')],
    [
      'of ten years',
      { scp: 'orders', azp: 'shop', exp: ISSUED + 10 * 365 * 24 * HOUR },
      'The access token\'s claim "exp" is more than 24 hours after "iat", which is the limit.',
    ],
    [
      'without the time of its issue',
      { scp: 'orders', azp: 'shop', iat: undefined },
      'The access token\'s claim "iat" or "exp" is missing.',
    ],
  ])('%s', (_, claims, reason) => {
    expect(refuse(claims)).toBe(reason);
  });
});
