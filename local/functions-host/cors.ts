import type { IncomingMessage, ServerResponse } from 'node:http';

/** `Host.CORS` and `Host.CORSCredentials` in local.settings.json. */
export interface CorsSettings {
  /** Origins such as `http://localhost:3000`, or `*` for all. */
  readonly origins: readonly string[];
  readonly credentials: boolean;
}

/**
 * Adds the CORS headers that Core Tools adds: every method and request header is allowed, no response header is exposed.
 * https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file
 * @returns whether the request was a preflight request, which is answered.
 */
export function applyCors(settings: CorsSettings, request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (settings.origins.length === 0 || origin === undefined) return false;
  const allowed = allowOrigin(settings, origin, response);
  const method = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || method === undefined) return false;
  const headers = request.headers['access-control-request-headers'];
  if (allowed) response.setHeader('access-control-allow-methods', method);
  if (allowed && headers !== undefined) response.setHeader('access-control-allow-headers', headers);
  response.writeHead(204).end();
  return true;
}

function allowOrigin({ origins, credentials }: CorsSettings, origin: string, response: ServerResponse): boolean {
  const anyOrigin = origins.includes('*');
  if (!anyOrigin) response.appendHeader('vary', 'Origin');
  if (!anyOrigin && !origins.includes(origin)) return false;
  response.setHeader('access-control-allow-origin', anyOrigin ? '*' : origin);
  if (credentials) response.setHeader('access-control-allow-credentials', 'true');
  return true;
}
