import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../fixtures/tls/', import.meta.url);
/** Path of the receiver's certificate, which is its own authority. */
export const CERTIFICATE_FILE = fileURLToPath(new URL('certificate.pem', FOLDER));
export const CERTIFICATE = readFileSync(CERTIFICATE_FILE, 'utf8');
const KEY = readFileSync(new URL('key.pem', FOLDER), 'utf8');

/** A request as the receiver got it. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A partner: an HTTPS server on the loopback interface. */
export interface Receiver {
  readonly port: number;
  /** The URL of a path under a host name of the certificate. */
  url(path?: string, host?: string): string;
  /** What it has received so far. */
  readonly received: Received[];
  /** Number of connections so far. */
  connections(): number;
  /** How it answers. Default: 204. */
  answer: (request: Received, response: ServerResponse) => void;
  close(): Promise<void>;
}

/** Answers with a status and no body. */
export const status = (code: number) => (_request: Received, response: ServerResponse) => {
  response.writeHead(code).end();
};

/** Starts a partner. */
export async function startReceiver(): Promise<Receiver> {
  let connections = 0;
  const server = createServer({ cert: CERTIFICATE, key: KEY });
  server.on('connection', () => connections++);
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const { url: path = '', headers } = request;
    const received = { path, headers, body: await text(request) };
    receiver.received.push(received);
    receiver.answer(received, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.');
  const { port } = address;
  const receiver: Receiver = {
    port,
    url: (path = '/', host = 'localhost') => `https://${host}:${port}${path}`,
    received: [],
    connections: () => connections,
    answer: status(204),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
