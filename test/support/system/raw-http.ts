import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { FuzzedRequest } from '../http/fuzz-requests.ts';

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly replayed: boolean;
  readonly text: string;
}

/** Maximum time (ms) for a response. A server that takes longer hangs. */
const LIMIT_MS = 120_000;

const agent = new Agent({ keepAlive: true });

/** Sends a request unchanged, without the corrections of `fetch`. Rejects when there is no response. */
export async function sendRaw(
  baseUrl: string,
  { method, target, headers, body }: Omit<FuzzedRequest, 'role'>,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl);
  const length = { 'content-length': Buffer.byteLength(body) };
  const signal = AbortSignal.timeout(LIMIT_MS);
  const sent = request({ hostname, port, agent, method, path: target, headers: { ...headers, ...length }, signal });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const contentType = String(response.headers['content-type'] ?? '');
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  return {
    status: response.statusCode,
    contentType,
    replayed: response.headers['idempotency-replayed'] !== undefined,
    text: Buffer.concat(chunks).toString(),
  };
}

/** Sends bytes on a new connection, ends it, and resolves to everything received until it was closed or reset. */
export async function sendBytes(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const received: Buffer[] = [];
  socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error('The server hangs.')));
  socket.on('data', (chunk) => received.push(chunk));
  socket.end(Buffer.from(bytes, 'latin1'));
  await once(socket, 'close').catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
  });
  return Buffer.concat(received).toString('latin1');
}
