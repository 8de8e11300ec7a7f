import type { HttpResponseInit } from '@azure/functions';

/**
 * The headers of a response by name. Nearly all handlers return such an object, with names in lower case. It is returned as it
 * is, because converting it with `Headers` would cost more CPU time than the handler.
 */
export function plainHeaders(headers: HttpResponseInit['headers'] = {}): Readonly<Record<string, string>> {
  const isPlain = !(headers instanceof Headers) && !Array.isArray(headers);
  return isPlain ? headers : Object.fromEntries(new Headers(headers));
}
