import { describe, expect, onTestFinished } from 'vitest';
import { ORDER_DETAILS } from '../../src/shared/read-models/containers.ts';
import { eventually } from '../support/system/api-client.ts';
import { it } from '../support/system/shared-system.ts';
import type { TestSystem } from '../support/system/system.ts';

/** How long a readiness report is used. */
const VALID_FOR_MS = 5_000;

let system: TestSystem;
it.beforeAll(({ shared }) => {
  system = shared;
});

async function ask(path: string, authorization?: string) {
  const response = await fetch(`${system.host.url}/api${path}`, {
    headers: { ...(authorization !== undefined && { authorization }) },
  });
  return { status: response.status, body: await response.json() };
}

/** The report once the system is ready. On a very slow machine, a check may have taken too long before. */
const ready = (authorization?: string) =>
  eventually(
    () => ask('/health/ready', authorization),
    ({ status }) => status === 200,
  );

const bearer = async (role: string) => `Bearer ${await system.azure.issuer.sign({ roles: [role], lifetime: 3600 })}`;

describe('GET /health/live', () => {
  it('returns live', async () => {
    expect(await ask('/health/live')).toEqual({ status: 200, body: { status: 'live' } });
  });
});

describe('GET /health/ready', () => {
  it.each([
    ['nobody', async () => undefined],
    ['a customer', () => bearer('customer')],
    ['an analyst', () => bearer('analyst')],
    ['a caller with an invalid token', async () => 'Bearer invalid'],
  ])('returns nothing but the status to %s', async (_caller, authorization) => {
    expect(await ready(await authorization())).toEqual({ status: 200, body: { status: 'ready' } });
  });

  it('names the dependencies to an admin', async () => {
    expect(await ready(await bearer('admin'))).toEqual({
      status: 200,
      body: { status: 'ready', dependencies: { sql: 'up', 'event-hubs': 'up', 'cosmos-db': 'up' } },
    });
  });

  it('names the dependency that is down to an admin alone', async () => {
    const end = system.azure.cosmosDb.injectFault({ down: true });
    onTestFinished(end);
    const admin = await bearer('admin');
    const named = await eventually(
      () => ask('/health/ready', admin),
      ({ status, body }) => status === 503 && JSON.stringify(body).includes('"failing":["cosmos-db"]'),
    );
    const anonymous = await ask('/health/ready');
    end();
    expect(named.body).toEqual({
      status: 'not-ready',
      dependencies: { sql: 'up', 'event-hubs': 'up', 'cosmos-db': 'down' },
      failing: ['cosmos-db'],
    });
    expect(anonymous).toEqual({ status: 503, body: { status: 'not-ready' } });
    await ready();
  });

  it('asks the dependencies once in 5 seconds, however many callers ask', async () => {
    const checks = () => system.azure.cosmosDb.requests.count({ operation: 'Metadata', container: ORDER_DETAILS.name });
    await ask('/health/ready');
    const before = checks();
    const startedAt = performance.now();
    await eventually(
      () => Promise.all(Array.from({ length: 300 }, () => ask('/health/ready'))),
      (answers) => answers.every(({ status }) => status === 200),
    );
    const mostChecks = Math.ceil((performance.now() - startedAt) / VALID_FOR_MS) + 1;
    expect(checks() - before).toBeLessThanOrEqual(mostChecks);
  });

  it('asks the dependencies again after 5 seconds', async () => {
    const checks = () => system.azure.cosmosDb.requests.count({ operation: 'Metadata', container: ORDER_DETAILS.name });
    await ask('/health/ready');
    const before = checks();
    await eventually(
      () => ask('/health/ready'),
      () => checks() > before,
    );
  });
});
