import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { isAllowedHost, refuseHost } from '../allowed-hosts.ts';
import { sendStatus } from './http-messages.ts';
import type { Log } from './log.ts';
import { MAX_HEADER_BYTES } from './request-head.ts';

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const HOST = '127.0.0.1';
/** Kestrel's default. Node's default of 5 s would close connections that clients still want to reuse. */
const KEEP_ALIVE_MS = 130_000;

const BAD_REQUEST = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Another program uses the port. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(`Port ${port} is unavailable: another program uses it. Close it, or choose another port with --port.`);
    this.name = 'PortInUseError';
  }
}

/**
 * Listens on the loopback interface. If a handler fails, the response is 500 with no body. A client that disconnects is not an
 * error.
 * @param port 0 picks a free one.
 * @throws {PortInUseError}
 */
export async function listenHttp(
  port: number,
  handler: HttpHandler,
  log: Log,
): Promise<{ server: Server; port: number }> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    response.on('error', () => undefined); // the client disconnected during the response
    if (!isAllowedHost(request)) return refuseHost(response);
    handler(request, response).catch((error: unknown) => {
      log('error', {
        source: 'host',
        category: 'Host.Http',
        message: `${request.method} ${request.url}: ${inspect(error)}`,
      });
      if (response.headersSent) response.destroy();
      else sendStatus(response, 500);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxHeadersCount = 0; // no limit: Node would drop the headers above it
  server.on('connect', (_request, socket) => socket.end(BAD_REQUEST));
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw inUse ? new PortInUseError(port) : error;
  }
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : port };
}

/** Stops listening and closes all connections. Call it after running requests have been answered. */
export async function closeHttp(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
