import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { HttpFunction } from '../functions/app-function.ts';
import type { Clock } from '../runtime.ts';
import type { Operation } from './operation.ts';

/** Checks by dependency. A check resolves when the dependency responds, and rejects when it does not. */
export type ReadinessChecks = ReadonlyMap<string, () => Promise<unknown>>;

/** How long (ms) a check waits for a dependency. */
const TIMEOUT_MS = 3_000;

const live: Operation = {
  name: 'healthLive',
  method: 'GET',
  route: 'health/live',
  summary: 'Reports whether the process is running.',
  roles: [],
  answers: { 200: { description: 'The process is running.', schema: z.strictObject({ status: z.literal('live') }) } },
  problems: [],
};

const readiness = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  dependencies: z.record(z.string(), z.enum(['up', 'down'])),
  failing: z.array(z.string()).optional(),
});

const ready: Operation = {
  name: 'healthReady',
  method: 'GET',
  route: 'health/ready',
  summary: 'Reports whether the app can reach all of its dependencies.',
  roles: [],
  answers: {
    200: { description: 'All dependencies respond.', schema: readiness },
    503: { description: 'One or more dependencies do not respond. `failing` lists them.', schema: readiness },
  },
  problems: [],
};

/** Creates the health endpoints of an app, or of a process that runs several. The map of checks is read on each request. */
export function healthFunctions(checks: ReadinessChecks, clock: Pick<Clock, 'timer'>): readonly HttpFunction[] {
  return [
    { trigger: 'http', operation: live, handler: async () => healthResponse(200, { status: 'live' }) },
    {
      trigger: 'http',
      operation: ready,
      handler: async (_request, context) => {
        const results = await Promise.all(
          [...checks].map(async ([name, check]) => [name, await runCheck(check, clock)] as const),
        );
        const failing = results.filter(([, error]) => error !== undefined);
        for (const [name, error] of failing) context.error(`Not ready: ${name}:`, error);
        const dependencies = Object.fromEntries(
          results.map(([name, error]) => [name, error === undefined ? 'up' : 'down']),
        );
        return healthResponse(failing.length === 0 ? 200 : 503, {
          status: failing.length === 0 ? 'ready' : 'not-ready',
          dependencies,
          ...(failing.length > 0 && { failing: failing.map(([name]) => name) }),
        });
      },
    },
  ];
}

/** Returns undefined when the check passes, otherwise its error. */
async function runCheck(check: () => Promise<unknown>, { timer }: Pick<Clock, 'timer'>): Promise<unknown> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cancel = timer(TIMEOUT_MS, () => reject(new Error(`no response within ${TIMEOUT_MS} ms`)));
  try {
    await Promise.race([check(), tooLate]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    cancel();
  }
}

function healthResponse(status: number, jsonBody: object): HttpResponseInit {
  return { status, headers: { 'cache-control': 'no-store' }, jsonBody };
}
