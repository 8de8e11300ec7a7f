import { app } from '@azure/functions';
import type { Authenticate } from '../auth/authenticate.ts';
import type { GatewayOnly } from '../auth/gateway-only.ts';
import { healthFunctions } from '../http/health.ts';
import { logRequests } from '../http/log-requests.ts';
import { LIVE_ROUTE } from '../http/probes.ts';
import type { ReadinessChecks } from '../http/readiness.ts';
import { tracedHandler } from '../http/traced-handler.ts';
import { oncePerProcess } from '../once-per-process.ts';
import type { Clock, Runtime } from '../runtime.ts';
import type { AppFunction } from './app-function.ts';

/** An app to register with the Functions host. */
export interface RegisteredApp {
  readonly functions: readonly AppFunction[];
  readonly gatewayOnly: GatewayOnly;
  readonly authenticate: Authenticate;
  /** The app's dependencies, for GET /health/ready. */
  readonly readiness: ReadinessChecks;
  readonly runtime: Pick<Runtime, 'monotonicMs' | 'timer' | 'newId'>;
  /** Runs once all functions are registered, before the first request. */
  readonly start?: () => void;
  /** Runs when the host stops. Flushes buffers and closes connections. */
  readonly close: () => Promise<void>;
}

/**
 * Registers an app with the Functions host. `func start` loads all three apps into one process, where a function name can be
 * registered only once: the first app then serves the health endpoints for all of them.
 */
export function registerApp({
  functions,
  authenticate,
  gatewayOnly,
  readiness,
  runtime,
  start,
  close,
}: RegisteredApp): void {
  for (const entry of functions) registerFunction(entry, gatewayOnly, runtime);
  const checks = oncePerProcess('readiness', () => {
    const all = new Map<string, () => Promise<unknown>>();
    for (const entry of healthFunctions({ authenticate, runtime }, all)) registerFunction(entry, gatewayOnly, runtime);
    return all;
  });
  for (const [dependency, check] of readiness) checks.set(dependency, check);
  if (start !== undefined) app.hook.appStart(start);
  app.hook.appTerminate(close);
}

/**
 * Functions authenticate their callers themselves, so host keys are off. The prefix `api` is part of each route rather than of
 * host.json, because the host rejects routes that start with `admin` (https://github.com/Azure/azure-functions-host/issues/1781).
 */
function registerFunction(entry: AppFunction, gatewayOnly: GatewayOnly, clock: Pick<Clock, 'monotonicMs'>): void {
  switch (entry.trigger) {
    case 'http': {
      const { name, method, route } = entry.operation;
      // Probes of the platform bypass the gateway. This route reads nothing, and reports only that the process is running.
      const admitted = route === LIVE_ROUTE ? entry.handler : gatewayOnly(entry.handler);
      const handler = logRequests(entry.operation, clock, tracedHandler(entry.operation, admitted));
      const methods = method === 'GET' ? (['GET', 'HEAD'] as const) : ([method] as const);
      app.http(name, { methods: [...methods], route: `api/${route}`, authLevel: 'anonymous', handler });
      break;
    }
    case 'timer':
      app.timer(entry.name, entry.options);
      break;
    case 'eventHub':
      app.eventHub(entry.name, entry.options);
      break;
  }
}
