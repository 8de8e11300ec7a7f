import { randomUUID } from 'node:crypto';
import { createOrdersClient, type OrdersClient } from '../../../clients/typescript/src/index.ts';
import { expectAsDescribed } from '../http/described-answers.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape, and the assertion on a field is the check
  readonly body: any;
}

type RequestHeaders = Readonly<Record<string, string>>;

/** On a slow machine, a response may take longer than the client's default, which is that of the longest wait of a request. */
const PATIENT = { attemptTimeoutMs: 280_000, retry: { timeoutMs: 280_000 } };

export interface ApiClient {
  /** The typed client of applications, with the same token. It retries, and throws unless a request succeeds. */
  readonly orders: OrdersClient;
  /** Sends the request again while the read model is behind, unless the test says `Prefer: wait=0`. */
  get(path: string, headers?: RequestHeaders): Promise<ApiResponse>;
  post(path: string, body: unknown, headers?: RequestHeaders): Promise<ApiResponse>;
  /** Sends the body unchanged. */
  send(
    method: string,
    path: string,
    init: { readonly body?: string | Uint8Array<ArrayBuffer>; readonly headers?: RequestHeaders },
  ): Promise<ApiResponse>;
}

/**
 * A client of the HTTP API. Its own methods return responses of every status, but wait for a read model that is behind. They throw when a
 * response is not as the API description says.
 */
export function apiClient(baseUrl: () => string, token: () => Promise<string>): ApiClient {
  const send: ApiClient['send'] = async (method, path, { body, headers }) => {
    const response = await fetch(`${baseUrl()}${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, ...headers },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    const { status } = response;
    expectAsDescribed({ method, path, status, contentType: response.headers.get('content-type'), text });
    return { status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    get orders() {
      return createOrdersClient({ baseUrl: baseUrl(), token, ...PATIENT });
    },
    send,
    get: (path, headers = {}) =>
      eventually(
        () => send('GET', path, { headers }),
        ({ body }) => body?.code !== 'read-model-behind' || headers.prefer === 'wait=0',
      ),
    post: (path, body, headers = {}) =>
      send('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
  };
}

const MAX_PAUSE_MS = 250;

/**
 * Polls until an answer passes and resolves to it. Use this for eventual consistency instead of a fixed delay. The pauses grow with the time
 * that has passed, because polls take CPU time from what the test waits for.
 */
export async function eventually<Answer>(
  ask: () => Promise<Answer> | Answer,
  passes: (answer: Answer) => boolean,
  withinMs = 280_000,
): Promise<Answer> {
  const startedAt = Date.now();
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    const waitedMs = Date.now() - startedAt;
    if (waitedMs > withinMs) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer)}`);
    const pauseMs = Math.min(20 + waitedMs / 5, MAX_PAUSE_MS);
    await new Promise((resume) => setTimeout(resume, pauseMs));
  }
}

/** An id that no other test uses. */
export const uniqueId = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;

export const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };

/** Registers a new customer and adds a new product for one test. */
export async function customerAndProduct(
  { orders }: ApiClient,
  { creditLimit = 10_000, price = 29.99, stock = 100, currency = 'USD' } = {},
): Promise<{ readonly customerId: string; readonly productId: string }> {
  const customerId = uniqueId('customer');
  const productId = uniqueId('product');
  const customer = { customerId, name: 'Ada Lovelace', email: 'ada@example.com', creditLimit, currency };
  const product = { productId, name: 'Desk lamp', price, stock, currency };
  await Promise.all([orders.POST('/customers', { body: customer }), orders.POST('/products', { body: product })]);
  return { customerId, productId };
}
