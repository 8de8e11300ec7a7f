import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, InvocationRequest, NullableString } from './core-types.ts';
import type { RouteParams } from './routes.ts';

/** Connection-level headers. A function cannot set them. */
const CONNECTION_HEADERS = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'content-length']);

/**
 * Builds the input of a function from an HTTP request. Header names are in lower case, repeated headers are joined with ", ",
 * repeated query parameters with "," (https://github.com/Azure/azure-functions-nodejs-library/issues/168).
 */
export function toInvocationRequest(
  bindingName: string,
  request: IncomingMessage,
  { url, params, body }: { readonly url: URL; readonly params: RouteParams; readonly body: Buffer },
): InvocationRequest {
  const http: HttpData = {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(joinedHeaders(request)),
    nullableQuery: nullable(
      [...new Set(url.searchParams.keys())].map((k) => [k, url.searchParams.getAll(k).join(',')]),
    ),
    nullableParams: nullable(Object.entries(params)),
    body: body.length === 0 ? undefined : { bytes: body },
  };
  return { inputData: [{ name: bindingName, data: { http } }], ...traceContext(request) };
}

function joinedHeaders(request: IncomingMessage): readonly (readonly [string, string])[] {
  return Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]);
}

function traceContext(request: IncomingMessage): Pick<InvocationRequest, 'traceContext'> {
  const traceParent = request.headersDistinct.traceparent?.[0];
  if (traceParent === undefined) return {};
  return { traceContext: { traceParent, traceState: request.headersDistinct.tracestate?.join(',') ?? '' } };
}

function nullable(entries: readonly (readonly [string, string])[]): Record<string, NullableString> {
  return Object.fromEntries(entries.map(([key, value]) => [key, { value }]));
}

/** Sends a function's result, or 204 if there is none. Without HTTP streams, the library has already buffered the body. */
export function sendResponse(response: ServerResponse, http: HttpData | undefined): void {
  if (http === undefined) {
    sendStatus(response, 204);
    return;
  }
  response.statusCode = Number(http.statusCode ?? 200);
  for (const [name, value] of Object.entries(http.headers ?? {})) {
    if (!CONNECTION_HEADERS.has(name)) response.setHeader(name, value);
  }
  for (const cookie of http.cookies ?? []) response.appendHeader('set-cookie', setCookie(cookie));
  const body = http.body?.bytes ?? new Uint8Array();
  if (![204, 205, 304].includes(response.statusCode)) response.setHeader('content-length', body.byteLength);
  response.end(body);
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
