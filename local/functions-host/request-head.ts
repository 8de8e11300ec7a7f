import type { IncomingMessage } from 'node:http';
import { type RequestTarget, requestTarget } from './request-target.ts';

/** Everything of a request before its body. */
export interface RequestHead {
  readonly target: RequestTarget;
  /** By lower-case name. Repeated headers are joined with a comma. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Kestrel's limits in bytes, line ends included: https://learn.microsoft.com/dotnet/api/microsoft.aspnetcore.server.kestrel.core.kestrelserverlimits */
const MAX_REQUEST_LINE = 8_192;
const MAX_HEADERS_SIZE = 32_768;
const MAX_HEADERS = 100;
/** Node's own limit, for request line and headers together. Above it, Node returns 431. */
export const MAX_HEADER_BYTES = 4 * (MAX_REQUEST_LINE + MAX_HEADERS_SIZE);

/** Reads the request line and the headers. Returns the status of the response when Kestrel rejects them. */
export function readHead(request: IncomingMessage): RequestHead | 400 | 404 | 414 | 431 {
  const exceeded = exceededLimit(request);
  if (exceeded !== undefined) return exceeded;
  const target = requestTarget(request);
  const headers = decodedHeaders(request);
  if (typeof target === 'number') return target;
  return headers === undefined ? 400 : { target, headers };
}

function exceededLimit({ method = '', url = '', rawHeaders }: IncomingMessage): 414 | 431 | undefined {
  if (`${method} ${url} HTTP/1.1\r\n`.length > MAX_REQUEST_LINE) return 414;
  const names = rawHeaders.length / 2;
  const size = rawHeaders.reduce((sum, text) => sum + text.length, names * ': \r\n'.length);
  return names > MAX_HEADERS || size > MAX_HEADERS_SIZE ? 431 : undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Values are UTF-8; Node reads them as Latin-1. Returns undefined when a value is not UTF-8. */
function decodedHeaders({ headersDistinct }: IncomingMessage): RequestHead['headers'] | undefined {
  try {
    return new Map(
      Object.entries(headersDistinct).map(([name, values = []]) => [name, decodedValue(values.join(','))]),
    );
  } catch {
    return undefined;
  }
}

const NOT_ASCII = /[\x80-\xff]/;

function decodedValue(value: string): string {
  return NOT_ASCII.test(value) ? utf8.decode(Buffer.from(value, 'latin1')) : value;
}
