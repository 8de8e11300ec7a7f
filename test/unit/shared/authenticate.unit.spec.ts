import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticate, createAuthenticate } from '../../../src/shared/auth/authenticate.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

const ISSUER = 'https://issuer.example.com';
const AUDIENCE = 'api://orders';
const CLIENT = 'shop';
const CLAIMS = {
  sub: 'ada',
  iss: ISSUER,
  aud: AUDIENCE,
  azp: CLIENT,
  scp: 'access',
  roles: ['customer'],
  customerId: 'c1',
};

/** Claims of any type, valid or not. Undefined omits a claim. */
type Claims = Readonly<Record<string, unknown>>;

let folder: string;
let keys: GenerateKeyPairResult;
let publicPem: string;
let jwksFile: string;
let authenticate: Authenticate;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
  keys = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(keys.publicKey);
  publicPem = JSON.stringify(jwk);
  jwksFile = join(folder, 'jwks.json');
  await writeFile(jwksFile, JSON.stringify({ keys: [{ ...jwk, kid: 'key-1', alg: 'ES256' }] }));
  authenticate = authenticateBy('customerId');
});
afterAll(() => rm(folder, { recursive: true }));

const authenticateBy = (customerClaim: string): Authenticate =>
  createAuthenticate(
    {
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUri: `file:${jwksFile}`,
      customerClaim,
      allowedClients: new Set([CLIENT, 'admin-page']),
      maxTokenSeconds: 24 * 3600,
    },
    systemRuntime,
  );

const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

async function bearer(payload: Claims, privateKey = keys.privateKey): Promise<string> {
  const claims = { iat: secondsFromNow(0), exp: secondsFromNow(60), ...payload };
  return `Bearer ${await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'key-1' }).sign(privateKey)}`;
}

const refusal = (detail: string) => expect.objectContaining({ code: 'unauthenticated', message: detail });

describe('a token from the issuer', () => {
  it('identifies the caller', async () => {
    expect(await authenticate(await bearer(CLAIMS))).toEqual({
      userId: 'ada',
      roles: new Set(['customer']),
      customerId: 'c1',
    });
  });

  it('may have roles of other applications, which are ignored', async () => {
    const { roles } = await authenticate(await bearer({ ...CLAIMS, roles: ['owner', 'warehouse'] }));
    expect(roles).toEqual(new Set(['warehouse']));
  });

  it.each([
    ['admin', ['admin']],
    ['warehouse owner admin', ['admin', 'warehouse']],
    ['', []],
  ])('may have its roles as the string "%s"', async (text, expected) => {
    const { roles } = await authenticate(await bearer({ ...CLAIMS, roles: text }));
    expect(roles).toEqual(new Set(expected));
  });

  it('is read once', async () => {
    const token = await bearer(CLAIMS);
    expect(await authenticate(token)).toBe(await authenticate(token));
  });

  it('may have no roles', async () => {
    const { roles: _, ...withoutRoles } = CLAIMS;
    const actor = await authenticate(await bearer(withoutRoles));
    expect(actor.roles.size).toBe(0);
  });

  it('is accepted shortly after it expires, because clocks differ', async () => {
    const actor = await authenticate(await bearer({ ...CLAIMS, exp: secondsFromNow(-30) }));
    expect(actor.userId).toBe('ada');
  });

  it('may follow the scheme in any letter case', async () => {
    const actor = await authenticate((await bearer(CLAIMS)).replace('Bearer', 'bearer'));
    expect(actor.userId).toBe('ada');
  });
});

describe('the customer id of the caller', () => {
  const withoutCustomer = { ...CLAIMS, customerId: undefined };

  it.each([
    ['a string', 'c1'],
    ['a list with one element, as Entra may send a directory extension', ['c1']],
  ])('is read from the configured claim as %s', async (_, value) => {
    const actor = await authenticateBy('extn.customerId')(
      await bearer({ ...withoutCustomer, 'extn.customerId': value }),
    );
    expect(actor.customerId).toBe('c1');
  });

  it('is not read from another claim', async () => {
    const actor = await authenticateBy('extn.customerId')(await bearer(CLAIMS));
    expect(actor.customerId).toBeUndefined();
  });

  it.each([[['c1', 'c2']], [[]], [7]])('cannot be %j', async (value) => {
    await expect(authenticate(await bearer({ ...CLAIMS, customerId: value }))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('the Authorization header', () => {
  it.each([null, '', 'Bearer', 'Bearer ', 'Basic YWRhOmxvdmVsYWNl', 'Bearer a b'])(
    'is rejected without a bearer token: %j',
    async (header) => {
      await expect(authenticate(header)).rejects.toEqual(
        refusal('Send an access token in the header "Authorization: Bearer <token>".'),
      );
    },
  );

  it('is rejected when its token is not a JWT', async () => {
    await expect(authenticate('Bearer abc')).rejects.toEqual(refusal('The access token is not valid.'));
  });
});

describe('a token is rejected', () => {
  it('when it has expired', async () => {
    const header = await bearer({ ...CLAIMS, exp: secondsFromNow(-90) });
    await expect(authenticate(header)).rejects.toEqual(refusal('The access token has expired.'));
  });

  it.each<[string, Claims]>([
    ['iss', { ...CLAIMS, iss: 'https://other.example.com' }],
    ['aud', { ...CLAIMS, aud: 'api://payments' }],
    ['exp', { ...CLAIMS, exp: undefined }],
    ['iat', { ...CLAIMS, iat: undefined }],
    ['iat', { ...CLAIMS, iat: secondsFromNow(90), exp: secondsFromNow(120) }],
    ['iat', { ...CLAIMS, iat: secondsFromNow(-48 * 3600), exp: secondsFromNow(10 * 365 * 86_400) }],
    ['nbf', { ...CLAIMS, nbf: secondsFromNow(90) }],
  ])('when its claim %s is not acceptable', async (claim, payload) => {
    const detail = `The access token's claim "${claim}" is missing or not accepted here.`;
    await expect(authenticate(await bearer(payload))).rejects.toEqual(refusal(detail));
  });

  it.each<[string, Claims]>([
    ['when it has no subject', { ...CLAIMS, sub: undefined }],
    ['when its roles are neither a list nor a string', { ...CLAIMS, roles: { admin: true } }],
  ])('%s', async (_what, payload) => {
    await expect(authenticate(await bearer(payload))).rejects.toEqual(
      refusal('The access token\'s "sub", "roles" or "customerId" claim is not valid.'),
    );
  });

  it.each<[string, Claims]>([
    ['scp', { ...CLAIMS, scp: undefined }],
    ['nonce', { ...CLAIMS, nonce: 'n' }],
    ['azp', { ...CLAIMS, azp: 'other' }],
    ['exp', { ...CLAIMS, exp: secondsFromNow(10 * 365 * 86_400) }],
  ])('when it is no access token for this API by its claim %s', async (claim, payload) => {
    const named = expect.objectContaining({ code: 'unauthenticated', message: expect.stringContaining(`"${claim}"`) });
    await expect(authenticate(await bearer(payload))).rejects.toEqual(named);
  });

  it('when it is signed with another key', async () => {
    const other = await generateKeyPair('ES256');
    await expect(authenticate(await bearer(CLAIMS, other.privateKey))).rejects.toEqual(
      refusal('The access token is not valid.'),
    );
  });

  it('when it is not signed', async () => {
    const token = new UnsecuredJWT(CLAIMS).setExpirationTime('1m').encode();
    await expect(authenticate(`Bearer ${token}`)).rejects.toEqual(refusal('The access token is not valid.'));
  });

  it('when it is signed with the public key as a secret', async () => {
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(publicPem));
    await expect(authenticate(`Bearer ${token}`)).rejects.toEqual(refusal('The access token is not valid.'));
  });
});
