import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsByApp } from '../../scripts/generate/load-operations.ts';
import { createGatewayKeys, GATEWAY, type GatewayKeys } from '../support/system/gateway-keys.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let folder: string;
let keys: GatewayKeys;
let system: TestSystem;
let userToken: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  keys = await createGatewayKeys(folder);
  system = await startSystem({
    GATEWAY_ISSUER: GATEWAY.issuer,
    GATEWAY_AUDIENCE: GATEWAY.audience,
    GATEWAY_CLIENT_ID: GATEWAY.clientId,
    GATEWAY_JWKS_URI: keys.jwksUri,
  });
  userToken = await system.azure.issuer.sign({
    roles: ['admin', 'warehouse', 'analyst', 'customer'],
    customerId: 'c1',
    lifetime: 600,
  });
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true });
});

const send = (method: string, path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${system.host.url}/api${path}`, { method, headers: { authorization: `Bearer ${userToken}`, ...headers } });

const operations = [...operationsByApp().keys()].map(({ method, route }) => ({
  method,
  path: `/${route.replaceAll(/\{\w+\}/g, 'some-id')}`,
}));
const behindTheGateway = operations.filter(({ path }) => path !== '/health/live');

describe('with a gateway in the settings', () => {
  it('there are operations of every app', () => {
    expect(behindTheGateway.length).toBeGreaterThan(30);
  });

  it.each(behindTheGateway)(
    '$method $path returns 401 for a valid token that bypasses the gateway',
    async (operation) => {
      const response = await send(operation.method, operation.path);
      expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
    },
  );

  it.each(behindTheGateway)(
    "$method $path returns 401 for a user's token in place of the gateway's",
    async (operation) => {
      const response = await send(operation.method, operation.path, {
        'x-gateway-authorization': `Bearer ${userToken}`,
      });
      expect(response.status).toBe(401);
      await response.arrayBuffer();
    },
  );

  it.each(behindTheGateway)('$method $path accepts the request from the gateway', async (operation) => {
    const gatewayToken = await keys.sign();
    const response = await send(operation.method, operation.path, {
      'x-gateway-authorization': `Bearer ${gatewayToken}`,
    });
    expect(response.status).not.toBe(401);
    await response.arrayBuffer();
  });

  it('the gateway cannot act for a user: its own token has no role', async () => {
    const gatewayToken = `Bearer ${await keys.sign()}`;
    const headers = { authorization: gatewayToken, 'x-gateway-authorization': gatewayToken };
    expect((await send('GET', '/orders', headers)).status).toBe(401);
  });

  it('GET /health/live answers the probes of the platform, which bypass the gateway', async () => {
    const response = await fetch(`${system.host.url}/api/health/live`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'live' }]);
  });

  it('GET /health/ready does not', async () => {
    expect((await fetch(`${system.host.url}/api/health/ready`)).status).toBe(401);
  });
});
