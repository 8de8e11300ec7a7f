import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/**
 * Forwards a request to another server on this machine, with its headers as they were sent, and sends the response back. Rejects when
 * the connection to that server breaks. A client that disconnects is not an error.
 * @param body the body of the request; default: none
 */
export async function forward(
  { method, url, rawHeaders }: IncomingMessage,
  response: ServerResponse,
  port: number,
  body?: Buffer,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({ host: '127.0.0.1', port, method, path: url, headers: rawHeaders, agent: false }, resolve);
  outgoing.on('error', reject).end(body);
  const answer = await promise;
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response).catch((error: unknown) => {
    if (!response.destroyed || answer.errored) throw error;
  });
}
