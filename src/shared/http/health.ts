import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { HttpFunction } from '../functions/app-function.ts';
import type { Operation } from './operation.ts';

/** Checks by dependency. A check resolves when the dependency answers and rejects when it does not. */
export type ReadinessChecks = ReadonlyMap<string, () => Promise<unknown>>;

/** Milliseconds a dependency has to answer. */
const TIMEOUT_MS = 3_000;

const live: Operation = {
  name: 'healthLive',
  method: 'GET',
  route: 'health/live',
  summary: 'Whether the process runs.',
  roles: [],
  answers: { 200: { description: 'It runs.', schema: z.strictObject({ status: z.literal('live') }) } },
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
  summary: 'Whether every dependency of the app answers.',
  roles: [],
  answers: {
    200: { description: 'All of them do.', schema: readiness },
    503: { description: 'Some do not: `failing` names them.', schema: readiness },
  },
  problems: [],
};

/** The health endpoints of an app, or of a process that runs several. The checks are read at each request. */
export function healthFunctions(checks: ReadinessChecks): readonly HttpFunction[] {
  return [
    { trigger: 'http', operation: live, handler: async () => healthResponse(200, { status: 'live' }) },
    {
      trigger: 'http',
      operation: ready,
      handler: async (_request, context) => {
        const results = await Promise.all(
          [...checks].map(async ([name, check]) => [name, await runCheck(check)] as const),
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

/** Undefined when the check passes, otherwise the reason why it does not. */
async function runCheck(check: () => Promise<unknown>): Promise<unknown> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  try {
    await Promise.race([check(), tooLate]);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(timer);
  }
}

function healthResponse(status: number, jsonBody: object): HttpResponseInit {
  return { status, headers: { 'cache-control': 'no-store' }, jsonBody };
}
