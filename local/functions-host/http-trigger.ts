import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegisteredFunction } from './app-registry.ts';
import type { Binding } from './core-types.ts';
import { readBody } from './http-body.ts';
import { sendResponse, sendStatus, toInvocationRequest } from './http-messages.ts';
import type { Invoker } from './invocation.ts';
import { compileRoute, pathSegments, type RouteParams, type RouteTemplate } from './routes.ts';

/** An HTTP-triggered function with its compiled route. */
export interface HttpRoute {
  readonly target: RegisteredFunction;
  readonly bindingName: string;
  /** The path with prefix and template: `api/orders/{orderId}`. */
  readonly path: string;
  readonly template: RouteTemplate;
  /** In upper case; empty = any. */
  readonly methods: readonly string[];
}

/**
 * Returns the route of an HTTP-triggered function. Default: the function's name.
 * @throws {Error} when the template is invalid, or starts with a prefix that the host reserves regardless of the route prefix
 * (https://github.com/Azure/azure-functions-host/issues/1781).
 */
export function httpRoute(
  target: RegisteredFunction,
  bindingName: string,
  trigger: Binding,
  routePrefix: string,
): HttpRoute {
  const route = typeof trigger.route === 'string' ? trigger.route : target.metadata.name;
  if (/^\/?(admin|runtime)/i.test(route)) {
    throw new Error(`The specified route conflicts with one or more built in routes: ${route}`);
  }
  const path = [routePrefix, route]
    .map((part) => part.replace(/^\/|\/$/g, ''))
    .filter((part) => part !== '')
    .join('/');
  const methods = Array.isArray(trigger.methods) ? trigger.methods.map((method) => String(method).toUpperCase()) : [];
  return { target, bindingName, path, template: compileRoute(path), methods };
}

interface Match {
  readonly route: HttpRoute;
  readonly params: RouteParams;
  readonly url: URL;
}

/**
 * Dispatches each request to the most specific route whose template, constraints and methods match. Returns 404 with no body
 * when none matches, and 500 with no body when the invocation fails.
 */
export function httpDispatcher(routes: readonly HttpRoute[], invoker: Invoker) {
  const ordered = routes.toSorted((a, b) => (a.template.precedence < b.template.precedence ? -1 : 1));
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = requestUrl(request);
    if (url === undefined) return sendStatus(response, 400);
    const found = findRoute(ordered, request.method ?? 'GET', url.pathname);
    if (found === undefined) return sendStatus(response, 404);
    return invoke(request, response, { ...found, url }, invoker);
  };
}

/** The invocation carries the whole request and returns the whole response. */
async function invoke(
  request: IncomingMessage,
  response: ServerResponse,
  { route: { target, bindingName }, params, url }: Match,
  invoker: Invoker,
): Promise<void> {
  const body = await readBody(request);
  if (body === 'too-large') return sendStatus(response.setHeader('connection', 'close'), 413);
  if (body === 'aborted') return;
  const outcome = await invoker.invoke(target, () => toInvocationRequest(bindingName, request, { url, params, body }));
  if (outcome.ok) sendResponse(response, outcome.response.returnValue?.http);
  else sendStatus(response, 500);
}

function findRoute(routes: readonly HttpRoute[], method: string, pathname: string) {
  const segments = pathSegments(pathname);
  for (const route of routes) {
    if (route.methods.length > 0 && !route.methods.includes(method)) continue;
    const params: RouteParams | undefined = route.template.match(segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function requestUrl(request: IncomingMessage): URL | undefined {
  const target = request.url ?? '/';
  const url = target.startsWith('/') ? `http://${request.headers.host ?? 'localhost'}${target}` : target;
  return URL.canParse(url) ? new URL(url) : undefined;
}
