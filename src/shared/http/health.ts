import type { HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { oncePerProcess } from '../once-per-process.ts';
import { describeOperation, serveOperation } from './operation.ts';

/** Resolves when the dependency answers; rejects when it does not. */
export type ReadinessCheck = () => Promise<unknown>;

/** Milliseconds a dependency has to answer. */
const TIMEOUT_MS = 3_000;

const live = describeOperation({
  name: 'healthLive',
  method: 'GET',
  route: 'health/live',
  summary: 'Whether the process runs.',
  roles: [],
  answers: { 200: { description: 'It runs.', schema: z.strictObject({ status: z.literal('live') }) } },
  problems: [],
});

const readiness = z.strictObject({
  status: z.enum(['ready', 'not-ready']),
  dependencies: z.record(z.string(), z.enum(['up', 'down'])),
  failing: z.array(z.string()).optional(),
});

const ready = describeOperation({
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
});

/**
 * Adds a dependency to GET /health/ready; the first one also registers the functions. Each app reports on what it uses itself;
 * one host that runs all apps reports on everything.
 */
export function addReadinessCheck(dependency: string, check: ReadinessCheck): void {
  oncePerProcess('readiness', registerHealthFunctions).set(dependency, check);
}

function registerHealthFunctions(): Map<string, ReadinessCheck> {
  const checks = new Map<string, ReadinessCheck>();
  serveOperation(live, async () => healthResponse(200, { status: 'live' }));
  serveOperation(ready, async (_request, context) => {
    const results = await Promise.all([...checks].map(async ([name, check]) => [name, await runCheck(check)] as const));
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
  });
  return checks;
}

/** Undefined when the check passes, otherwise why it does not. */
async function runCheck(check: ReadinessCheck): Promise<unknown> {
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
