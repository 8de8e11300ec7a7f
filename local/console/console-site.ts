import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { buildConsole, CONSOLE_FOLDER } from '../../scripts/console/build.ts';
import { pageHeaders } from '../../src/shared/http/page-headers.ts';
import { isAllowedHost, refuseHost } from '../allowed-hosts.ts';
import { portOf } from '../listening-server.ts';

/** Serves the console's pages on this machine. The functions host forwards requests to it, so that pages and API have one origin. */
export interface ConsoleSite {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Builds the console in the background, unless it is up to date. Requests wait for the build; the first one starts it, too. */
  build(): void;
  close(): Promise<void>;
}

export interface ConsoleSiteOptions {
  /** Port of 127.0.0.1 that gives development tokens. */
  readonly tokenPort: number;
  /** Port of Web PubSub, whose addresses start with ws://localhost. */
  readonly webPubSubPort: number;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Starts the server on a free port of the loopback interface. Nothing is built yet. */
export async function startConsoleSite({ tokenPort, webPubSubPort }: ConsoleSiteOptions): Promise<ConsoleSite> {
  const stopping = new AbortController();
  let built: Promise<void> | undefined;
  const build = () => {
    built ??= buildConsole(stopping.signal).catch((error: unknown) => {
      built = undefined; // the next request tries again
      throw error;
    });
    return built;
  };
  const tokenUrl = `http://127.0.0.1:${tokenPort}/`;
  const config = JSON.stringify({ signIn: 'development', apiUrl: '/api', tokenUrl });
  const headers = pageHeaders({
    connectTo: [tokenUrl, `ws://localhost:${webPubSubPort}`, `ws://127.0.0.1:${webPubSubPort}`],
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/console.json')
      return send(response, 200, { ...headers, 'content-type': 'application/json' }, config);
    await build();
    const file = await findFile(pathname, request.headers.accept ?? '');
    if (file === undefined) return send(response, 404, {});
    send(response, 200, { ...headers, ...file.headers }, file.body);
  };
  const server = createServer((request, response) => {
    if (!isAllowedHost(request)) return refuseHost(response);
    answer(request, response).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      send(response, 500, { 'content-type': 'text/plain; charset=utf-8' }, text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    build: () => void build().catch((error: unknown) => stopping.signal.aborted || console.error(error)),
    close: async () => {
      stopping.abort();
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), built?.catch(() => undefined)]);
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: string | Buffer,
): void {
  response.writeHead(status, { 'cache-control': 'no-cache', ...headers });
  response.end(body);
}

interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * Finds a file of the build. Other addresses that a browser opens are pages of the console, which it shows itself. They may contain a dot,
 * because ids may: only the extensions of files make a file.
 */
async function findFile(pathname: string, accept: string): Promise<PageFile | undefined> {
  const isFile = extname(pathname) in MEDIA_TYPES || pathname.startsWith('/assets/');
  const isPage = pathname === '/' || (!isFile && accept.includes('text/html'));
  const name = isPage ? '/index.html' : pathname;
  const type = MEDIA_TYPES[extname(name)];
  if (type === undefined || name.includes('..')) return undefined;
  const body = await readFile(join(CONSOLE_FOLDER, name)).catch(() => undefined);
  if (body === undefined) return undefined;
  const isForever = name.startsWith('/assets/'); // their names contain a hash of their content
  return {
    headers: { 'content-type': type, ...(isForever && { 'cache-control': 'public, max-age=31536000, immutable' }) },
    body,
  };
}
