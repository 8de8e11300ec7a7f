import { type ClientOptions, createOrdersClient, type OrdersClient } from '../../../clients/typescript/src/index.ts';

/** A response of the API, or the fault with which the request fails. */
export type FakeAnswer = () => Response | Error;

export interface FakeFetch {
  readonly orders: OrdersClient;
  /** The requests that were sent, oldest first. */
  readonly sent: readonly Request[];
}

/** Delays that do not slow down a test. */
export const QUICK = { firstDelayMs: 1, maxDelayMs: 2 };

/** Creates a client whose requests get these answers, one after another. The last one is repeated. */
export function clientOf(answers: readonly FakeAnswer[], options: Partial<ClientOptions> = {}): FakeFetch {
  const sent: Request[] = [];
  const orders = createOrdersClient({
    baseUrl: 'https://orders.example/api',
    token: 'secret',
    retry: QUICK,
    fetch: async (request) => {
      request.signal.throwIfAborted();
      const answer = answers[Math.min(sent.length, answers.length - 1)]?.();
      sent.push(request);
      if (answer instanceof Response) return answer;
      throw answer;
    },
    ...options,
  });
  return { orders, sent };
}

export const ok =
  (body: object, status = 200): FakeAnswer =>
  () =>
    Response.json(body, { status });

export const noContent: FakeAnswer = () => new Response(null, { status: 204 });

export const problem =
  (status: number, code: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer =>
  () =>
    Response.json(
      {
        type: `urn:orders:problem:${code}`,
        title: code,
        status,
        detail: `The detail of ${code}.`,
        instance: '/api',
        code,
      },
      { status, headers: { 'content-type': 'application/problem+json', ...headers } },
    );

/** A fault of the connection, as `fetch` reports it in Node. */
export const dropped: FakeAnswer = () =>
  new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:7071') });

/** What a command on an order returns. */
export const accepted = (version = 1, orderId = 'o1'): FakeAnswer =>
  ok(
    { commandId: 'k', orderId, version, status: 'accepted', estimatedSyncMs: 0, orderStatus: 'confirmed', total: 1 },
    202,
  );

/** Everything that an iteration yields. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
