import { Agent, request } from 'node:http';
import { answerOf } from '../measuring/http-client.ts';
import { load } from './load.ts';
import type { PlaceOrder } from './order.ts';
import type { RunningPeer } from './peer.ts';

interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** The requests with which a peer places and reads orders. */
export interface Requests {
  place(order: PlaceOrder): HttpRequest;
  read(orderId: string): HttpRequest;
}

/** Places and reads orders at /api/orders. */
const REST: Requests = {
  place: (order) => ({ method: 'POST', path: '/api/orders', body: JSON.stringify(order) }),
  read: (orderId) => ({ method: 'GET', path: `/api/orders/${orderId}` }),
};

/** The HTTP server of a peer. */
interface Server {
  /** Without a trailing slash. */
  readonly url: string;
  /** Headers of each request, such as the token of the caller. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Places and reads orders over HTTP/1.1, over connections that are kept alive. */
export function overHttp(
  server: Server,
  { place, read }: Requests = REST,
): Required<Pick<RunningPeer, 'place' | 'read'>> {
  const all = async (requests: readonly HttpRequest[], atOnce: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const result = await load(requests, atOnce, (one) => send(server, one, agent));
    agent.destroy();
    return result;
  };
  return {
    place: (orders, atOnce) => all(orders.map(place), atOnce),
    read: (orderIds, atOnce) => all(orderIds.map(read), atOnce),
  };
}

/** Resolves to whether the request succeeded. GraphQL reports errors in the body. */
async function send({ url, headers }: Server, { method, path, body }: HttpRequest, agent: Agent): Promise<boolean> {
  const ofBody =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  try {
    const options = { method, agent, headers: { ...headers, ...ofBody } };
    const { status, text } = await answerOf(request(`${url}${path}`, options).end(body));
    return status < 300 && !text.startsWith('{"errors"');
  } catch {
    return false;
  }
}
