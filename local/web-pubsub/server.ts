/**
 * Azure Web PubSub on this machine, in memory, for the unmodified SDKs and plain WebSockets, without TLS. What it does and does
 * not do: README.md.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isAllowedHost, isAllowedOrigin, refuseHost, refuseUpgrade } from '../allowed-hosts.ts';
import { availability, portOf } from '../listening-server.ts';
import { AccessTokens } from './access-tokens.ts';
import { ClientEndpoint } from './client-endpoint.ts';
import { Connections } from './connections.ts';
import type { RestFault } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { RestApi } from './rest-api.ts';

export type { RestFault };

export interface WebPubSubOptions {
  /** Port on 127.0.0.1; 0 picks a free one. Default 8080. */
  readonly port?: number;
  /** Signs the tokens of clients and REST callers. Default: a fixed key, so that settings outlive a restart. */
  readonly accessKey?: string;
  /** Accepts REST tokens of Microsoft Entra without checking who has signed them. Default false. */
  readonly allowUnvalidatedEntraTokens?: boolean;
  /** Milliseconds in which a client of the reliable subprotocol can recover a lost connection; 0: never. Default 30,000. */
  readonly recoveryMs?: number;
}

export interface WebPubSubServer {
  readonly port: number;
  /** `http://localhost:<port>` */
  readonly endpoint: string;
  /** For `WebPubSubServiceClient`. */
  readonly connectionString: string;
  /** REST calls since the start or the last reset. */
  readonly requests: RequestLog;
  /** @returns stops injecting */
  injectFault(fault: RestFault): () => void;
  /** Cuts the WebSocket of every client without a close frame: the fault "a lost connection". */
  dropConnections(): void;
  /** `false` drops and refuses all connections until `true`: the fault "Web PubSub is down". */
  setAvailable(available: boolean): void;
  /** Cuts all connections; resolves when the port is free. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const DEFAULT_PORT = 8080;
const DEFAULT_ACCESS_KEY = 'local-web-pubsub-access-key-that-protects-nothing';
/** https://github.com/Azure/azure-webpubsub/blob/main/protocols/client/client-spec.md#14-connection-recovery */
const DEFAULT_RECOVERY_MS = 30_000;
/** Longer than any client keeps an idle connection, so that none is closed under a request. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Starts the server on the loopback interface.
 * @throws Node's error, with code `EADDRINUSE` when the port is taken
 */
export async function startWebPubSub(options: WebPubSubOptions = {}): Promise<WebPubSubServer> {
  const { port = DEFAULT_PORT, accessKey = DEFAULT_ACCESS_KEY, recoveryMs = DEFAULT_RECOVERY_MS } = options;
  const tokens = new AccessTokens(accessKey, options.allowUnvalidatedEntraTokens ?? false);
  const connections = new Connections();
  const restApi = new RestApi(connections, tokens);
  const clients = new ClientEndpoint(connections, tokens, recoveryMs);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  route(server, restApi, clients);
  const setAvailable = availability(server);
  server.listen(port, HOST);
  await once(server, 'listening');
  const listeningPort = portOf(server);
  const endpoint = `http://localhost:${listeningPort}`;
  return {
    port: listeningPort,
    endpoint,
    connectionString: `Endpoint=${endpoint};AccessKey=${accessKey};Version=1.0;`,
    requests: restApi.requests,
    injectFault: (fault) => restApi.faults.inject(fault),
    dropConnections: () => clients.dropConnections(),
    setAvailable,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      connections.abandonAll();
      setAvailable(false);
      await closed;
    },
  };
}

function route(server: Server, restApi: RestApi, clients: ClientEndpoint): void {
  server.on('request', (request, response) => {
    if (!isAllowedHost(request)) return refuseHost(response);
    restApi.serve(request, response).catch((error) => response.destroy(error));
  });
  server.on('upgrade', (request, socket, head) => {
    if (!isAllowedHost(request) || !isAllowedOrigin(request)) return refuseUpgrade(socket);
    clients.accept({ request, socket, head }).catch((error) => socket.destroy(error));
  });
}
