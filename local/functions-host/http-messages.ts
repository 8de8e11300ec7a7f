import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, InvocationRequest, NullableString } from './core-types.ts';
import type { RequestHead } from './request-head.ts';
import type { RouteParams } from './routes.ts';

/** Connection-level headers. A function cannot set them. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length']);

export interface ReadRequest extends RequestHead {
  readonly body: Buffer;
}

/** Builds the input of a function from an HTTP request. */
export function toInvocationRequest(
  bindingName: string,
  request: IncomingMessage,
  { target, headers, body }: ReadRequest,
  params: RouteParams,
): InvocationRequest {
  const http: HttpData = {
    method: request.method ?? 'GET',
    url: target.url,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(target.query),
    nullableParams: nullable(Object.entries(params)),
    body: body.length === 0 ? undefined : { bytes: body },
  };
  return { inputData: [{ name: bindingName, data: { http } }], ...traceContext(request) };
}

function traceContext(request: IncomingMessage): Pick<InvocationRequest, 'traceContext'> {
  const traceParent = request.headersDistinct.traceparent?.[0];
  if (traceParent === undefined) return {};
  return { traceContext: { traceParent, traceState: request.headersDistinct.tracestate?.join(',') ?? '' } };
}

function nullable(entries: Iterable<readonly [string, string]>): Record<string, NullableString> {
  return Object.fromEntries([...entries].map(([key, value]) => [key, { value }]));
}

/**
 * Sends a function's result, or 204 if there is none. A body is sent in chunks, without a Content-Length. Headers that the host has
 * set, such as those for CORS, take precedence over the function's.
 */
export function sendResponse(response: ServerResponse, http: HttpData | undefined): void {
  if (http === undefined) {
    sendStatus(response, 204);
    return;
  }
  response.statusCode = Number(http.statusCode ?? 200);
  setHeaders(response, http.headers ?? {});
  for (const cookie of http.cookies ?? []) response.appendHeader('set-cookie', setCookie(cookie));
  const body = http.body?.bytes ?? new Uint8Array();
  if (body.byteLength > 0) response.write(body);
  else if (![204, 205, 304].includes(response.statusCode)) response.setHeader('content-length', 0);
  response.end();
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'vary') response.appendHeader(name, value);
    else if (!CONNECTION_HEADERS.has(name) && !response.hasHeader(name)) response.setHeader(name, value);
  }
}

/** Sends a status with no body. */
export function sendStatus(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { 'content-length': 0 }).end();
}

const SAME_SITE = { lax: 'lax', strict: 'strict', explicitNone: 'none' } as const;

function setCookie(cookie: HttpCookie): string {
  const sameSite = cookie.sameSite === undefined || cookie.sameSite === 'none' ? undefined : SAME_SITE[cookie.sameSite];
  const attributes: readonly (readonly [name: string, value: string | number | boolean | undefined])[] = [
    ['expires', cookie.expires && new Date(cookie.expires.value.seconds * 1000).toUTCString()],
    ['max-age', cookie.maxAge?.value],
    ['domain', cookie.domain?.value],
    ['path', cookie.path?.value ?? '/'],
    ['secure', cookie.secure?.value],
    ['samesite', sameSite],
    ['httponly', cookie.httpOnly?.value],
  ];
  const texts = attributes
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return [`${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`, ...texts].join('; ');
}
