import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isAllowedHost, LOOPBACK_NAMES, refuseHost } from './allowed-hosts.ts';
import type { DevelopmentIssuer } from './development-issuer.ts';
import { portOf } from './listening-server.ts';

/** Gives tokens of the development issuer to the documentation page and the console on this machine. */
export interface TokenServer {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Lets the pages of the functions on this port get tokens. Without a call, no page gets one. */
  allowPage(functionsPort: number): void;
  close(): Promise<void>;
}

/** Lifetime of a token: the longest that the apps accept by default. */
const DAY_SECONDS = 86_400;

/**
 * Starts the server on a free port of the loopback interface. `GET /?role=customer&customerId=c1` returns a token as text.
 * Only these pages get one: a browser says in the header Origin which page asks, and refuses the answer to any other.
 */
export async function startTokenServer(issuer: DevelopmentIssuer): Promise<TokenServer> {
  let origins: readonly string[] = [];
  const server = createServer((request, response) => {
    const { origin } = request.headers;
    if (!isAllowedHost(request)) refuseHost(response);
    else if (origin === undefined || !origins.includes(origin)) refuse(response);
    else
      answer(issuer, request, response.setHeader('access-control-allow-origin', origin)).catch(() =>
        response.destroy(),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    allowPage: (port) => {
      origins = LOOPBACK_NAMES.map((name) => new URL(`http://${name}:${port}`).origin);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(
    'Only the documentation page and the console on this machine get tokens. Use "npm run -s token" instead.\n',
  );
}

async function answer(
  issuer: DevelopmentIssuer,
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { searchParams } = new URL(url, 'http://localhost');
  const token = await issuer.sign({
    roles: searchParams.getAll('role'),
    customerId: searchParams.get('customerId') ?? undefined,
    lifetime: DAY_SECONDS,
  });
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(token);
}
