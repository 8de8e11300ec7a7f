import { Agent, request } from 'node:http';
import { percentile } from '../../src/shared/percentile.ts';
import { type HttpRequest, REST } from './http.ts';
import type { PlaceOrder } from './order.ts';
import type { RunningPeer } from './peer.ts';

/** What a number of requests took. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  /** Requests that were answered with an error, or not at all. */
  readonly failed: number;
}

type Server = Pick<RunningPeer, 'url' | 'headers' | 'requests'>;

/** Places the orders, so many at once, over connections that are kept alive. */
export function placeAll(server: Server, orders: readonly PlaceOrder[], atOnce: number): Promise<LoadResult> {
  const { place } = server.requests ?? REST;
  return load(orders.map(place), atOnce, (request, agent) => send(server, request, agent));
}

/** Reads orders, so many at once. */
export function readAll(server: Server, orderIds: readonly string[], atOnce: number): Promise<LoadResult> {
  const { read } = server.requests ?? REST;
  return load(orderIds.map(read), atOnce, (request, agent) => send(server, request, agent));
}

/** Runs the work on every input, so many at once. Work that resolves to false has failed. */
export async function load<Input>(
  inputs: readonly Input[],
  atOnce: number,
  work: (input: Input, agent: Agent) => Promise<boolean>,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const durations: number[] = [];
  let failed = 0;
  const rest = inputs.values();
  const startedAt = performance.now();
  const worker = async () => {
    for (const input of rest) {
      const sentAt = performance.now();
      if (!(await work(input, agent))) failed += 1;
      durations.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return { perSecond: inputs.length / seconds, p50Ms: percentile(durations, 50) ?? 0, failed };
}

/** Resolves to whether the answer was a success. GraphQL reports errors in the body. */
function send({ url, headers }: Server, { method, path, body }: HttpRequest, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const options = { method, agent, headers: { ...headers, ...type, ...length } };
    request(`${url}${path}`, options, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => {
          text += chunk;
        })
        .once('end', () => resolve((response.statusCode ?? 0) < 300 && !text.startsWith('{"errors"')))
        .once('error', () => resolve(false));
    })
      .once('error', () => resolve(false))
      .end(body);
  });
}
