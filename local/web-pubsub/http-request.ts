/** What REST calls and requests for WebSockets have in common. */
import type { IncomingMessage } from 'node:http';

/** The URL by which the caller knows the server: tokens are for it. */
export function requestUrl({ url, headers }: IncomingMessage): URL {
  return new URL(url ?? '/', `http://${headers.host}`);
}

/** The token in the Authorization header. */
export function bearerToken({ headers }: IncomingMessage): string | undefined {
  return /^Bearer +(?<token>\S+)$/i.exec(headers.authorization ?? '')?.groups?.token;
}
