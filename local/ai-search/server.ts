/** Azure AI Search on this machine, in memory, for the unmodified SDK, without TLS. What it does and does not do: README.md. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { isAllowedHost, refuseHost } from '../allowed-hosts.ts';
import { availability, portOf } from '../listening-server.ts';
import type { SearchFault } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { errorAnswer, type RestAnswer, sendAnswer } from './rest-answer.ts';
import { type RestCall, restCall } from './rest-call.ts';
import type { SearchIndex } from './search-index.ts';
import { SearchService } from './service.ts';

export interface AiSearchServer {
  /** `http://localhost:<port>` */
  readonly endpoint: string;
  readonly apiKey: string;
  /** REST calls since the start or the last reset. */
  readonly requests: RequestLog;
  /** An index as it is now; undefined when it does not exist. */
  index(name: string): SearchIndex | undefined;
  /** @returns stops injecting */
  injectFault(fault: SearchFault): () => void;
  /** `false` drops and refuses all connections until `true`: the fault "AI Search is down". */
  setAvailable(available: boolean): void;
  /** Cuts all connections; resolves when the port is free. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** A fixed key, so that settings outlive a restart. */
const API_KEY = 'local-search-key-that-protects-nothing';
/** Longer than any client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts the server on the loopback interface.
 * @param port 0 picks a free one
 * @throws Node's error, with code `EADDRINUSE` when the port is taken
 */
export async function startAiSearch({ port }: { readonly port: number }): Promise<AiSearchServer> {
  const service = new SearchService();
  const requests = new RequestLog();
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (!isAllowedHost(request)) return refuseHost(response);
    const call = restCall(request);
    answer(service, call, request)
      .then((result) => {
        requests.record({ operation: call.operation, index: call.index, status: result.status });
        sendAnswer(response, result);
      })
      .catch((error) => response.destroy(error));
  });
  const setAvailable = availability(server);
  server.listen(port, HOST);
  await once(server, 'listening');
  return {
    endpoint: `http://localhost:${portOf(server)}`,
    apiKey: API_KEY,
    requests,
    index: (name) => service.index(name),
    injectFault: (fault) => service.faults.inject(fault),
    setAvailable,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      setAvailable(false);
      await closed;
    },
  };
}

async function answer(service: SearchService, call: RestCall, request: IncomingMessage): Promise<RestAnswer> {
  if (request.headers['api-key'] !== API_KEY) return errorAnswer(403, 'The request lacks the key of this service.');
  const hasBody = request.method === 'POST' || request.method === 'PUT';
  const body = hasBody ? await json(request).catch(() => undefined) : undefined;
  return service.answer(call, body);
}
