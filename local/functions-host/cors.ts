import type { IncomingMessage, ServerResponse } from 'node:http';

/** `Host.CORS` and `Host.CORSCredentials` of local.settings.json. */
export interface CorsPolicy {
  /** Allowed origins such as `https://example.com`, or `*`. */
  readonly origins: readonly string[];
  /** Whether browsers may send cookies. */
  readonly credentials: boolean;
}

/**
 * Adds the CORS headers that Core Tools adds, and answers preflight requests, so that they reach no function. Every method
 * and every header is allowed. No response header is exposed: a function that wants this sets Access-Control-Expose-Headers.
 * @returns true when the request was a preflight request and is answered.
 */
export function applyCors(policy: CorsPolicy, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin, 'access-control-request-method': method } = request.headers;
  if (origin === undefined) return false;
  const isPreflight = request.method === 'OPTIONS' && method !== undefined;
  const allowedOrigin = allowed(policy, origin);
  if (allowedOrigin !== undefined) {
    allowOrigin(policy, allowedOrigin, response);
    if (isPreflight) allowMethodAndHeaders(request, response);
  }
  if (isPreflight) response.writeHead(204).end();
  return isPreflight;
}

function allowOrigin({ origins, credentials }: CorsPolicy, allowedOrigin: string, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', allowedOrigin);
  if (credentials) response.setHeader('access-control-allow-credentials', 'true');
  if (origins.length > 1 && allowedOrigin !== '*') response.setHeader('vary', 'Origin');
}

function allowed({ origins }: CorsPolicy, origin: string): string | undefined {
  if (origins.includes('*')) return '*';
  return origins.some((entry) => entry.toLowerCase() === origin.toLowerCase()) ? origin : undefined;
}

function allowMethodAndHeaders({ headers }: IncomingMessage, response: ServerResponse): void {
  const names = String(headers['access-control-request-headers'] ?? '');
  response.setHeader('access-control-allow-methods', String(headers['access-control-request-method']));
  if (names !== '') response.setHeader('access-control-allow-headers', names.replaceAll(/\s*,\s*/g, ','));
}
