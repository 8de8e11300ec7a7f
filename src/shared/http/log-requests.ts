import type { HttpHandler } from '@azure/functions';
import type { Clock } from '../runtime.ts';
import { logLine } from '../telemetry/log-line.ts';
import type { Operation } from './operation.ts';
import { plainHeaders } from './plain-headers.ts';
import { isProbe } from './probes.ts';

/**
 * Wraps a handler: logs one line per request, without the ids and search terms of its URL. The level is `warn` for a server error,
 * `debug` for a health probe, else `info`.
 */
export function logRequests(
  { route }: Operation,
  { monotonicMs }: Pick<Clock, 'monotonicMs'>,
  handler: HttpHandler,
): HttpHandler {
  return async (request, context) => {
    const started = monotonicMs();
    const response = await handler(request, context);
    const status = response.status ?? 200;
    const level = status >= 500 ? 'warn' : isProbe(route) ? 'debug' : 'info';
    context[level](
      logLine(`${request.method} /api/${route} ${status}`, {
        method: request.method,
        route: `/api/${route}`,
        status,
        ms: Math.round(monotonicMs() - started),
        correlationId: plainHeaders(response.headers)['x-correlation-id'],
      }),
    );
    return response;
  };
}
