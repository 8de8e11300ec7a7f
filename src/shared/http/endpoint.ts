import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import type { Chance } from '../runtime.ts';
import { refusalCount } from '../telemetry/metrics.ts';
import { describeSpan } from '../telemetry/tracing.ts';
import { EXPOSED_HEADERS } from './operation.ts';
import { plainHeaders } from './plain-headers.ts';
import { Problem } from './problem.ts';

/** A correlation id that is accepted from clients: printable ASCII, at most 128 characters. */
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;

export interface Call {
  readonly request: HttpRequest;
  readonly context: InvocationContext;
  /** The client's `x-correlation-id`, or a new one; the response repeats it. */
  readonly correlationId: string;
}

/**
 * Wraps a handler: adds the correlation id, and turns problems into responses and other errors into a 500 without internal details.
 */
export function endpoint(
  { newId }: Pick<Chance, 'newId'>,
  handle: (call: Call) => Promise<HttpResponseInit>,
): HttpHandler {
  return async (request, context) => {
    const sent = request.headers.get('x-correlation-id') ?? '';
    const correlationId = CORRELATION_ID.test(sent) ? sent : newId();
    describeSpan(() => ({ 'cqrs.correlation_id': correlationId }));
    const answer = async () => {
      const response = await handle({ request, context, correlationId });
      return { ...response, headers: plainHeaders(response.headers) };
    };
    const response = await answer().catch((error: unknown) => {
      const problem = error instanceof Problem ? error : internalError(error, correlationId);
      if (problem.status < 500) recordRefusal(context.functionName, problem);
      if (problem.cause !== undefined)
        context.error(`${problem.code}, correlation id ${correlationId}:`, problem.cause);
      return problem.toResponse(new URL(request.url).pathname);
    });
    const added = { 'x-correlation-id': correlationId, ...exposedHeaders(request) };
    return { ...response, headers: { ...response.headers, ...added } };
  };
}

/** The host's CORS setting lets web pages call the app, but read only a few response headers. The app adds its own to them. */
function exposedHeaders(request: HttpRequest): Readonly<Record<string, string>> {
  return request.headers.has('origin') ? { 'access-control-expose-headers': EXPOSED_HEADERS.join(', ') } : {};
}

function recordRefusal(operation: string, { code }: Problem): void {
  refusalCount.add(1, { operation, code });
  describeSpan(() => ({ 'cqrs.refusal': code }));
}

function internalError(cause: unknown, correlationId: string): Problem {
  return new Problem('internal-error', `Something went wrong. The correlation id is ${correlationId}.`, { cause });
}
