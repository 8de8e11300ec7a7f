import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { Authenticate, Role } from '../auth/authenticate.ts';
import type { HttpFunction } from '../functions/app-function.ts';
import type { Runtime } from '../runtime.ts';
import { anonymousOperation } from './authenticated-operation.ts';
import type { Operation } from './operation.ts';
import { LIVE_ROUTE, READY_ROUTE } from './probes.ts';
import { createReadiness, type ReadinessChecks, type ReadinessReport } from './readiness.ts';

/** Roles that see the app's dependencies, and which of them fail. */
const MONITORS: readonly Role[] = ['admin'];

const live: Operation = {
  name: 'healthLive',
  method: 'GET',
  route: LIVE_ROUTE,
  summary: 'Reports whether the process is running.',
  roles: [],
  answers: { 200: { description: 'The process is running.', schema: z.strictObject({ status: z.literal('live') }) } },
  problems: [],
};

const readiness = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  dependencies: z.record(z.string(), z.enum(['up', 'down'])).optional(),
  failing: z.array(z.string()).optional(),
});

const ready: Operation = {
  name: 'healthReady',
  method: 'GET',
  route: READY_ROUTE,
  summary: 'Reports whether the app can use all of its dependencies. The result is at most a few seconds old.',
  roles: [],
  rolesThatSeeMore: MONITORS,
  answers: {
    200: { description: 'All dependencies respond.', schema: readiness },
    503: { description: 'One or more dependencies cannot be used. `failing` lists them.', schema: readiness },
  },
  problems: [],
};

/** The operations that every app serves. */
export const HEALTH_OPERATIONS: readonly Operation[] = [live, ready];

interface HealthApp {
  readonly authenticate: Authenticate;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'timer' | 'newId'>;
}

/** Creates the health endpoints of an app, or of a process that runs several. The map of checks is read on each check. */
export function healthFunctions(app: HealthApp, checks: ReadinessChecks): readonly HttpFunction[] {
  const report = createReadiness(checks, app.runtime);
  return [
    anonymousOperation(app, live, async () => healthResponse(200, { status: 'live' })),
    anonymousOperation(app, ready, async ({ request, context }) => {
      const found = await report((name, reason) => context.error(`Not ready: ${name}:`, reason));
      const isMonitor = await hasRole(app.authenticate, request.headers.get('authorization'), MONITORS);
      return readyResponse(found, isMonitor);
    }),
  ];
}

/** False without a valid token. The status itself must never depend on a token. */
async function hasRole(
  authenticate: Authenticate,
  authorization: string | null,
  roles: readonly Role[],
): Promise<boolean> {
  if (authorization === null) return false;
  try {
    const actor = await authenticate(authorization);
    return roles.some((role) => actor.roles.has(role));
  } catch {
    return false;
  }
}

function readyResponse({ dependencies, failures }: ReadinessReport, isMonitor: boolean): HttpResponseInit {
  const isReady = failures.size === 0;
  return healthResponse(isReady ? 200 : 503, {
    status: isReady ? 'ready' : 'not-ready',
    ...(isMonitor && {
      dependencies: Object.fromEntries(dependencies.map((name) => [name, failures.has(name) ? 'down' : 'up'])),
      ...(!isReady && { failing: [...failures.keys()] }),
    }),
  });
}

function healthResponse(status: number, jsonBody: object): HttpResponseInit {
  return { status, headers: { 'cache-control': 'no-store' }, jsonBody };
}
