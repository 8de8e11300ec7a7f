import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGatewayOnly, type GatewayOnly } from '../../../src/shared/auth/gateway-only.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';
import { createGatewayKeys, GATEWAY, type GatewayKeys } from '../../support/system/gateway-keys.ts';

let folder: string;
let keys: GatewayKeys;
let otherKeys: GatewayKeys;
let gatewayOnly: GatewayOnly;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  otherKeys = await createGatewayKeys(folder);
  keys = await createGatewayKeys(folder); // replaces the others in the file
  gatewayOnly = createGatewayOnly({ ...GATEWAY, jwksUri: keys.jwksUri }, systemRuntime);
});
afterAll(() => rm(folder, { recursive: true }));

/** Sends a request to a handler that takes requests of the gateway only. */
async function send(headers: Record<string, string>, only = gatewayOnly) {
  const handler = only(async () => ({ status: 200, body: 'answered' }));
  const request = new HttpRequest({ method: 'GET', url: 'https://app.example.com/api/orders', headers });
  const answer = await handler(request, new InvocationContext({ logHandler: () => undefined }));
  if (typeof answer !== 'object' || answer === null || !('status' in answer)) throw new Error('There is no answer.');
  return { ...answer, body: String(answer.body) };
}

const withToken = (token: string) => send({ 'x-gateway-authorization': `Bearer ${token}` });

const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

describe('a request with the token of the gateway', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['of Entra v2.0', {}],
    ['of Entra v1.0', { azp: undefined, appid: GATEWAY.clientId }],
  ])('%s is answered', async (_what, claims) => {
    expect(await withToken(await keys.sign(claims))).toEqual({ status: 200, body: 'answered' });
  });
});

describe('a request is answered with 401', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['another client', { azp: 'shop-client-id' }],
    ['no client', { azp: undefined }],
    ['another client, with the gateway as its subject', { azp: 'shop-client-id', sub: GATEWAY.clientId }],
    ['another audience', { aud: 'another-api' }],
    ['another issuer', { iss: 'https://login.example.com/another-tenant/v2.0' }],
    ['no end', { exp: undefined }],
    ['an end that is past', { exp: secondsFromNow(-90) }],
  ])('when its gateway token has %s', async (_what, claims) => {
    const { status, body } = await withToken(await keys.sign(claims));
    expect([status, JSON.parse(body)]).toMatchObject([401, { code: 'unauthenticated', instance: '/api/orders' }]);
  });

  it('when its gateway token is signed with another key', async () => {
    expect((await withToken(await otherKeys.sign())).status).toBe(401);
  });

  it('when its gateway token is not signed', async () => {
    const claims = { iss: GATEWAY.issuer, aud: GATEWAY.audience, azp: GATEWAY.clientId, exp: secondsFromNow(60) };
    expect((await withToken(new UnsecuredJWT(claims).encode())).status).toBe(401);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YWRhOmxvdmVsYWNl', 'not-a-token'])(
    'when the header is "%s"',
    async (header) => {
      expect((await send({ 'x-gateway-authorization': header })).status).toBe(401);
    },
  );

  it('when it has no gateway token, but that of the gateway as its own', async () => {
    expect((await send({ authorization: `Bearer ${await keys.sign()}` })).status).toBe(401);
  });
});

it('a request is answered with 503 when the keys of the issuer cannot be loaded', async () => {
  const unreachable = createGatewayOnly({ ...GATEWAY, jwksUri: 'https://127.0.0.1:1/keys' }, systemRuntime);
  const answer = await send({ 'x-gateway-authorization': `Bearer ${await keys.sign()}` }, unreachable);
  expect(answer.status).toBe(503);
});

it('a request is not checked without a gateway', async () => {
  expect(await send({}, createGatewayOnly(undefined, systemRuntime))).toEqual({ status: 200, body: 'answered' });
});
