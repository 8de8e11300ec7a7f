/**
 * Protection against DNS rebinding: a web page of a foreign site cannot reach a server on this machine under a name that the site's
 * owner has pointed to 127.0.0.1, because the browser sends that name in the header Host. For WebSockets, which have no CORS, also
 * protection against pages that connect under the name localhost.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Setting with more names under which this machine is reached, such as `orders.test,devbox`. */
export const ALLOWED_HOSTS_SETTING = 'LOCAL_ALLOWED_HOSTS';

/** The names of this machine that no setting is needed for. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
/** One plain sentence for people. */
export const FOREIGN_HOST =
  'This server answers only to the host names localhost, 127.0.0.1 and [::1], and those in the setting LOCAL_ALLOWED_HOSTS.';

/** True when the header Host names this machine, with any port. A request without the header does not come from a browser. */
export function isAllowedHost({ headers: { host } }: Pick<IncomingMessage, 'headers'>, allowed?: string): boolean {
  return host === undefined || isAllowedName(host.replace(/:\d*$/, '').toLowerCase(), allowed);
}

/**
 * True when the web page that sends the request is from this machine, with any scheme and port. Browsers let any page open a WebSocket
 * to this machine, and tell only where the page is from. A request without the header Origin does not come from a web page.
 */
export function isAllowedOrigin({ headers: { origin } }: Pick<IncomingMessage, 'headers'>, allowed?: string): boolean {
  return origin === undefined || isAllowedName(URL.parse(origin)?.hostname ?? '', allowed);
}

function isAllowedName(name: string, allowed = process.env[ALLOWED_HOSTS_SETTING] ?? ''): boolean {
  return LOOPBACK_NAMES.includes(name) || (name !== '' && allowed.toLowerCase().split(',').includes(name));
}

/** Answers 403 and closes the connection. */
export function refuseHost(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  response.end(`${FOREIGN_HOST}\n`);
}

/** Answers 403 to a request for a WebSocket, whose body no browser shows. */
export function refuseUpgrade(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
