import type { Middleware } from 'openapi-fetch';

/** Orders whose versions are remembered; the oldest are forgotten first. */
const MAX_ORDERS = 1_000;

/**
 * Remembers the version of each order that a command of this client wrote, and sends it as `minVersion` when the client reads the
 * order. A `minVersion` of the caller takes precedence.
 */
export function readYourWrites(): Middleware {
  const versions = new Map<string, number>();
  return {
    onRequest: ({ request, schemaPath, params }) => {
      const written = versions.get(String(params.path?.orderId));
      if (request.method !== 'GET' || schemaPath !== '/orders/{orderId}') return undefined;
      if (written === undefined || params.query?.minVersion !== undefined) return undefined;
      const url = new URL(request.url);
      url.searchParams.set('minVersion', String(written));
      return new Request(url, request);
    },
    onResponse: async ({ response }) => {
      if (response.status !== 202) return;
      const { orderId, version }: Accepted = JSON.parse(await response.clone().text());
      if (orderId === undefined || version === undefined) return;
      const newest = Math.max(version, versions.get(orderId) ?? 0);
      versions.delete(orderId);
      versions.set(orderId, newest);
      const [oldest = orderId] = versions.keys();
      if (versions.size > MAX_ORDERS) versions.delete(oldest);
    },
  };
}

/** The part of a 202 that matters here. Only commands on orders return both. */
interface Accepted {
  readonly orderId?: string;
  readonly version?: number;
}
