import createFetchClient, { mergeHeaders, type ParamsOption, type RequestBodyOption } from 'openapi-fetch';
import { oneAttempt, type Token } from './attempt.ts';
import { IDEMPOTENT_OPERATIONS } from './generated/idempotent-operations.ts';
import type { paths } from './generated/schema.ts';
import type { Answer, CommandOptions, Method, RequestOptions } from './operations.ts';
import { readYourWrites } from './read-your-writes.ts';
import { type RetryOptions, withRetries } from './retries.ts';

export interface ClientOptions {
  /** The URL of the API, such as `https://orders.example.com/api`. In a browser it can be relative to the page: `/api`. */
  readonly baseUrl: string;
  /** Without one, only anonymous operations succeed. */
  readonly token?: Token;
  /** Sends a request. Default: the global `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
  readonly retry?: RetryOptions;
  /**
   * Milliseconds for one attempt, from the call of the token function to the end of the response. Default: 40,000, longer than the API
   * takes for any request.
   */
  readonly attemptTimeoutMs?: number;
  /** Whether to read orders in the version that this client wrote, at least. Default: true. */
  readonly readYourWrites?: boolean;
}

/** Operations without an effect. The API ignores their key, which only marks them as safe to retry. */
const WITHOUT_EFFECT = [
  'POST /orders/quote',
  'POST /orders/{orderId}/subscriptions',
  'POST /admin/subscriptions',
] as const satisfies readonly `POST ${keyof paths}`[];

const REPEATABLE: ReadonlySet<string> = new Set([...IDEMPOTENT_OPERATIONS, ...WITHOUT_EFFECT]);

/** Every operation of the API, without types. */
interface AnyOperation {
  readonly parameters: { readonly query?: Values; readonly path?: Values; readonly header?: Values };
  readonly requestBody?: { readonly content: { readonly 'application/json': unknown } };
  readonly responses: { readonly 200: { readonly content: { readonly 'application/json': unknown } } };
}
type Values = Readonly<Record<string, unknown>>;

export type AnyOptions = ParamsOption<AnyOperation> & RequestBodyOption<AnyOperation> & RequestOptions & CommandOptions;

/** Sends a request to the path of the API description. Rejects with ApiError or ConnectionError. */
export type Http = (method: Method, path: string, options?: AnyOptions) => Promise<Answer<unknown>>;

/** Joins everything that all requests share: token, time limit, retries, idempotency keys, and the versions that were written. */
export function openHttp(options: ClientOptions): Http {
  const { baseUrl, token, retry, fetch = (request) => globalThis.fetch(request), attemptTimeoutMs = 40_000 } = options;
  const client = createFetchClient<Record<string, Record<Method, AnyOperation>>>({
    baseUrl,
    fetch: withRetries(oneAttempt({ token, fetch, attemptTimeoutMs }), retry),
  });
  if (options.readYourWrites !== false) client.use(readYourWrites());
  return async (method, path, { idempotencyKey, ifMatch, headers, ...init } = {}) => {
    const key = REPEATABLE.has(`${method.toUpperCase()} ${path}`) ? crypto.randomUUID() : undefined;
    const { data, response } = await client.request(method, path, {
      ...init,
      headers: mergeHeaders({ 'Idempotency-Key': idempotencyKey ?? key, 'If-Match': toETag(ifMatch) }, headers),
    });
    return { data, response };
  };
}

const toETag = (version: number | string | undefined) => (typeof version === 'number' ? `"${version}"` : version);
