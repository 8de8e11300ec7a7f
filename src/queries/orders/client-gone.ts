import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';

/**
 * The host names the invocation that a forwarded request belongs to by this header:
 * https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/src/http/httpProxy.ts
 */
const INVOCATION_ID = 'x-ms-invocation-id';

const responses = new Map<string, ServerResponse>();
/** Invocations whose client left before the answer was out: it may do so before the function asks. The newest suffice. */
const left = new LRUCache<string, true>({ max: 1_000 });

/** Node tells here of every request that one of its servers gets, the library's own server among them. */
subscribe('http.server.request.start', (message) => {
  if (typeof message !== 'object' || message === null || !('request' in message) || !('response' in message)) return;
  const { request, response } = message;
  if (!(request instanceof IncomingMessage && response instanceof ServerResponse)) return;
  const invocationId = request.headers[INVOCATION_ID];
  if (typeof invocationId !== 'string') return;
  responses.set(invocationId, response);
  response.once('close', () => {
    responses.delete(invocationId);
    if (!response.writableFinished) left.set(invocationId, true);
  });
});

/**
 * Aborted when the client of an invocation closes its connection, at once if it has done so already. The library itself does not
 * tell a function that, and reads the function's stream on to its end
 * (https://github.com/Azure/azure-functions-nodejs-library/issues/294).
 */
export function clientGone(invocationId: string): AbortSignal {
  if (left.has(invocationId)) return AbortSignal.abort();
  const gone = new AbortController();
  responses.get(invocationId)?.once('close', () => gone.abort());
  return gone.signal;
}
