import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegisteredFunction } from './app-registry.ts';
import type { Binding } from './core-types.ts';
import { applyCors, type CorsPolicy } from './cors.ts';
import { forward } from './forward.ts';
import { readBody } from './http-body.ts';
import { sendResponse, sendStatus, toInvocationRequest } from './http-messages.ts';
import type { Invoker } from './invocation.ts';
import { type RequestHead, readHead } from './request-head.ts';
import { compileRoute, type RouteParams, type RouteTemplate } from './routes.ts';

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
}

export interface HttpOptions {
  readonly cors: CorsPolicy | undefined;
  /** Maximum size of a request body. */
  readonly maxBytes: number;
  /** Port of a server on this machine that serves what is not below /api, such as web pages. */
  readonly pagesPort: number | undefined;
  /** Port of another host on this machine that runs more apps of the same API. Undefined when there is none. */
  readonly otherPort: Promise<number> | undefined;
}

/**
 * Dispatches each request to the first function, by name, whose template, constraints and methods match. When none matches, forwards
 * the request to the other host or to the pages, or returns 404 with no body. Returns 500 with no body when the invocation fails.
 */
export function httpDispatcher(
  routes: readonly HttpRoute[],
  invoker: Invoker,
  { cors, maxBytes, pagesPort, otherPort }: HttpOptions,
) {
  const ordered = routes.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const head = readHead(request);
    if (typeof head === 'number') return refuse(response, head);
    if (cors !== undefined && applyCors(cors, request, response)) return;
    const found = findRoute(ordered, request.method ?? 'GET', head.target.segments);
    if (found !== undefined) return invoke(request, response, { ...found, ...head, maxBytes }, invoker);
    return head.target.segments[0] === 'api'
      ? answerOther(request, response, { maxBytes, otherPort })
      : answerPage(request, response, pagesPort);
  };
}

/** Forwards a request that matches no function to the other host, if there is one. */
async function answerOther(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBytes, otherPort }: Pick<HttpOptions, 'maxBytes' | 'otherPort'>,
): Promise<void> {
  if (otherPort === undefined) return sendStatus(response, 404);
  const body = await readBody(request, maxBytes);
  if (body === 'too-large') return refuse(response, 500);
  if (body !== 'aborted') await forward(request, response, await otherPort, body);
}

/** Forwards a request that matches no function to the server of the pages, if there is one and it can be for a page. */
async function answerPage(
  request: IncomingMessage,
  response: ServerResponse,
  pagesPort: number | undefined,
): Promise<void> {
  const isPage = request.method === 'GET' || request.method === 'HEAD';
  if (pagesPort !== undefined && isPage) await forward(request, response, pagesPort);
  else sendStatus(response, 404);
}

/** Orders names as the real host does, which compares them ignoring case. */
const sortKey = ({ target }: HttpRoute): string => target.metadata.name.toUpperCase();

/** Kestrel closes the connection after a request that it rejects itself. */
function refuse(response: ServerResponse, status: number): void {
  sendStatus(response.setHeader('connection', 'close'), status);
}

async function invoke(
  request: IncomingMessage,
  response: ServerResponse,
  { route, params, maxBytes, ...head }: Match & RequestHead & { readonly maxBytes: number },
  invoker: Invoker,
): Promise<void> {
  const body = await readBody(request, maxBytes);
  if (body === 'too-large') return refuse(response, 500);
  if (body === 'aborted') return;
  const outcome = await invoker.invoke(route.target, () =>
    toInvocationRequest(route.bindingName, request, { ...head, body }, params),
  );
  if (outcome.ok) sendResponse(response, outcome.response.returnValue?.http);
  else sendStatus(response, 500);
}

function findRoute(routes: readonly HttpRoute[], method: string, segments: readonly string[]): Match | undefined {
  for (const route of routes) {
    if (route.methods.length > 0 && !route.methods.includes(method)) continue;
    const params: RouteParams | undefined = route.template.match(segments);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}
