import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** Forwards a request to another server of this machine, with its headers, and the response back. Rejects when a connection breaks. */
export async function forward(incoming: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const { method, url, headers } = incoming;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, resolve);
  outgoing.on('error', reject).end();
  const answer = await promise;
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response);
}
