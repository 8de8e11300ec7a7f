import { randomUUID } from 'node:crypto';
import { expectAsDescribed } from '../http/described-answers.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read responses of every shape, and the assertion on a field is the check
  readonly body: any;
}

type RequestHeaders = Readonly<Record<string, string>>;

export interface ApiClient {
  get(path: string, headers?: RequestHeaders): Promise<ApiResponse>;
  post(path: string, body: unknown, headers?: RequestHeaders): Promise<ApiResponse>;
  /** Sends the body unchanged. */
  send(
    method: string,
    path: string,
    init: { readonly body?: string | Uint8Array<ArrayBuffer>; readonly headers?: RequestHeaders },
  ): Promise<ApiResponse>;
}

/** A client of the HTTP API. It returns responses of every status, and throws when one is not as the API description says. */
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
    send,
    get: (path, headers = {}) => send('GET', path, { headers }),
    post: (path, body, headers = {}) =>
      send('POST', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
  };
}

/** Polls until an answer passes and resolves to it. Use this for eventual consistency instead of a fixed delay. */
export async function eventually<Answer>(
  ask: () => Promise<Answer> | Answer,
  passes: (answer: Answer) => boolean,
  withinMs = 120_000,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer)}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

/** An id that no other test uses. */
export const uniqueId = (prefix: string): string => `${prefix}-${randomUUID().slice(0, 8)}`;

export const ADDRESS = { street: '123 Main St', city: 'Seattle', state: 'WA', zip: '98101' };

/** Registers a new customer and adds a new product for one test. */
export async function customerAndProduct(
  admin: ApiClient,
  { creditLimit = 10_000, price = 29.99, stock = 100, currency = 'USD' } = {},
): Promise<{ readonly customerId: string; readonly productId: string }> {
  const customerId = uniqueId('customer');
  const productId = uniqueId('product');
  const answers = await Promise.all([
    admin.post('/customers', { customerId, name: 'Ada Lovelace', email: 'ada@example.com', creditLimit, currency }),
    admin.post('/products', { productId, name: 'Desk lamp', price, stock, currency }),
  ]);
  for (const { status, body } of answers) if (status !== 202) throw new Error(`Not accepted: ${JSON.stringify(body)}`);
  return { customerId, productId };
}
