import type { HttpHandler, HttpRequest, HttpResponse, HttpResponseInit } from '@azure/functions';
import { type Attributes, SpanKind } from '@opentelemetry/api';
import { describe, withSpan } from '../telemetry/tracing.ts';
import type { Operation } from './operation.ts';
import { isProbe } from './probes.ts';

/**
 * Records each request in a server span, as https://opentelemetry.io/docs/specs/semconv/http/http-spans/ says: its name has the route
 * instead of the path, and a 4xx is no failure of the server. It has no query string, because search terms are often names.
 */
export function tracedHandler({ route }: Pick<Operation, 'route'>, handler: HttpHandler): HttpHandler {
  // Probes would fill the traces, and add nothing to what the availability tests report.
  if (isProbe(route)) return handler;
  const path = `/api/${route}`;
  return (request, context) => {
    const parent = { traceparent: context.traceContext?.traceParent ?? undefined };
    const attributes = () => requestAttributes(request, path);
    return withSpan({ name: `${request.method} ${path}`, kind: SpanKind.SERVER, parent, attributes }, async (span) => {
      const response = await handler(request, context);
      describe(span, responseAttributes(response));
      return response;
    });
  };
}

function requestAttributes({ method, url, params }: HttpRequest, path: string): Attributes {
  const { protocol, hostname, port, pathname } = new URL(url);
  const aggregateId = params.orderId ?? params.customerId ?? params.productId;
  return {
    'http.request.method': method,
    'http.route': path,
    'url.scheme': protocol.slice(0, -1),
    'url.path': pathname,
    'server.address': hostname,
    ...(port !== '' && { 'server.port': Number(port) }),
    ...(aggregateId !== undefined && { 'cqrs.aggregate_id': aggregateId }),
  };
}

function responseAttributes(response: HttpResponse | HttpResponseInit): Attributes {
  const status = response.status ?? 200;
  return { 'http.response.status_code': status, ...(status >= 500 && { 'error.type': String(status) }) };
}
