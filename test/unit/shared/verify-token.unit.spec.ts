import { createServer, type Server } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { portOf } from '../../../local/listening-server.ts';
import { tokenVerifier } from '../../../src/shared/auth/verify-token.ts';

const NOW_S = 1_800_000_000;
const ISSUER = 'https://issuer.example.com';
const AUDIENCE = 'api://orders';

interface Key {
  readonly jwk: JWK & { readonly kid: string };
  readonly privateKey: CryptoKey;
}

let earlier: Key;
let later: Key;
let published: readonly JWK[];
let server: Server;
let jwksUri: string;

beforeAll(async () => {
  earlier = await newKey('key-1');
  later = await newKey('key-2');
  server = createServer((_, response) => response.end(JSON.stringify({ keys: published })));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  jwksUri = `http://127.0.0.1:${portOf(server)}/keys`;
});
beforeEach(() => {
  published = [earlier.jwk];
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});
afterAll(() => void server.close());

async function newKey(kid: string): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, privateKey };
}

interface Times {
  readonly iat: number;
  readonly exp: number;
}

function signWith({ jwk: { kid }, privateKey }: Key, times: Times): Promise<string> {
  return new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'ada', ...times })
    .setProtectedHeader({ alg: 'ES256', kid })
    .sign(privateKey);
}

const sign = (times: Times) => signWith(earlier, times);

/** Creates a verifier with a clock that the test sets. */
function verifier(maxTokenAge?: number) {
  const clock = { seconds: NOW_S };
  const now = () => clock.seconds * 1000;
  const verify = tokenVerifier(
    { issuer: ISSUER, audience: AUDIENCE, jwksUri },
    { now },
    { ...(maxTokenAge && { maxTokenAge }) },
  );
  return { clock, verify };
}

describe('a token that was verified', () => {
  it('is not verified again', async () => {
    const { clock, verify } = verifier();
    const token = await sign({ iat: NOW_S, exp: NOW_S + 3600 });
    const first = await verify(token);
    const signatures = vi.spyOn(crypto.subtle, 'verify');
    clock.seconds += 599;

    expect(await verify(token)).toEqual(first);
    expect(signatures).not.toHaveBeenCalled();
  });

  it('is verified again after ten minutes', async () => {
    const { clock, verify } = verifier();
    const token = await sign({ iat: NOW_S, exp: NOW_S + 3600 });
    await verify(token);
    const signatures = vi.spyOn(crypto.subtle, 'verify');
    clock.seconds += 601;
    await verify(token);

    expect(signatures).toHaveBeenCalledTimes(1);
  });

  it('is rejected from the second on in which it has expired, which may be a minute late', async () => {
    const { clock, verify } = verifier();
    const token = await sign({ iat: NOW_S, exp: NOW_S + 300 });
    await verify(token);

    clock.seconds = NOW_S + 359;
    expect(await verify(token)).toMatchObject({ sub: 'ada' });
    clock.seconds = NOW_S + 360;
    await expect(verify(token)).rejects.toThrow('The access token has expired.');
  });

  it('is rejected when it has become too old', async () => {
    const { clock, verify } = verifier(120);
    const token = await sign({ iat: NOW_S, exp: NOW_S + 3600 });
    await verify(token);
    clock.seconds += 181;

    await expect(verify(token)).rejects.toThrow('claim "iat"');
  });

  it('is rejected when the keys have been loaded again and its key was withdrawn', async () => {
    const { verify } = verifier();
    const token = await sign({ iat: NOW_S, exp: NOW_S + 3600 });
    await verify(token);
    published = [];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });

    await expect(verify(token)).rejects.toThrow('The access token is not valid.');
  });

  it('is rejected when a token with an unknown key has made the keys load again and its key was withdrawn', async () => {
    const { verify } = verifier();
    const token = await sign({ iat: NOW_S, exp: NOW_S + 3600 });
    await verify(token);
    published = [later.jwk];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await verify(await signWith(later, { iat: NOW_S, exp: NOW_S + 3600 }));

    await expect(verify(token)).rejects.toThrow('The access token is not valid.');
  });
});
