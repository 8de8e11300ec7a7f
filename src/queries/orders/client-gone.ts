import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';

/**
 * The host names the invocation that a forwarded request belongs to by this header:
 * https://github.com/Azure/azure-functions-nodejs-library/blob/v4.x/src/http/httpProxy.ts
 */
const INVOCATION_ID = 'x-ms-invocation-id';

/** Aborted when the client of an invocation closes its connection, at once if it has done so already. */
export type ClientGone = (invocationId: string) => AbortSignal;

/**
 * Watches the clients of this process from now on, because the library itself does not tell a function that its client has left and
 * reads the function's stream to its end (https://github.com/Azure/azure-functions-nodejs-library/issues/294).
 */
export function watchClients(): ClientGone {
  const responses = new Map<string, ServerResponse>();
  /** Invocations whose client left before the answer was sent, which may be before the function asks. The newest suffice. */
  const left = new LRUCache<string, true>({ max: 1_000 });
  // Node publishes every request of its servers here, those of the library's own server included.
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
  return (invocationId) => {
    if (left.has(invocationId)) return AbortSignal.abort();
    const gone = new AbortController();
    responses.get(invocationId)?.once('close', () => gone.abort());
    return gone.signal;
  };
}
