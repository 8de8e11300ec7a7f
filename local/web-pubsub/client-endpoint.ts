/**
 * Where clients open their WebSockets: `/client/hubs/{hub}` and `/client/?hub={hub}`. See
 * https://learn.microsoft.com/azure/azure-web-pubsub/concept-client-protocols#service-endpoints and
 * https://github.com/Azure/azure-webpubsub/blob/main/protocols/client/client-spec.md#14-connection-recovery
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { AccessTokens } from './access-tokens.ts';
import { receiveFrame } from './client-protocol.ts';
import { type ClientIdentity, type Connection, closeCode } from './connection.ts';
import type { Connections } from './connections.ts';
import { bearerToken, requestUrl } from './http-request.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { isGroupName, isHubName } from './names.ts';
import { chosenSubprotocol } from './subprotocols.ts';

/** A request for a WebSocket. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const CLIENT_PATH = /^\/client\/(?:hubs\/(?<hub>[^/]+))?$/;

export class ClientEndpoint {
  readonly #connections: Connections;
  readonly #tokens: AccessTokens;
  readonly #recoveryMs: number;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => chosenSubprotocol(offered) ?? false,
  });

  constructor(connections: Connections, tokens: AccessTokens, recoveryMs: number) {
    this.#connections = connections;
    this.#tokens = tokens;
    this.#recoveryMs = recoveryMs;
  }

  /** Opens the WebSocket, or answers with an HTTP status that tells why not. */
  async accept(upgrade: Upgrade): Promise<void> {
    // A client that goes away meanwhile must not end the process.
    upgrade.socket.on('error', () => upgrade.socket.destroy());
    const url = requestUrl(upgrade.request);
    const hub = CLIENT_PATH.exec(url.pathname)?.groups?.hub ?? url.searchParams.get('hub') ?? '';
    if (!CLIENT_PATH.test(url.pathname)) refuse(upgrade, 404);
    else if (!isHubName(hub)) refuse(upgrade, 400);
    else if (url.searchParams.has('awps_connection_id')) await this.#recover(upgrade, url, hub.toLowerCase());
    else await this.#connect(upgrade, url, hub);
  }

  /** Cuts every WebSocket without a close frame, as a lost network does. */
  dropConnections(): void {
    for (const socket of this.#webSockets.clients) socket.terminate();
  }

  /** The token is checked when the client connects and never again. */
  async #connect(upgrade: Upgrade, url: URL, hub: string): Promise<void> {
    const token = url.searchParams.get('access_token') ?? bearerToken(upgrade.request) ?? '';
    const identity = await this.#tokens.verifyClientToken(token, new URL(`/client/hubs/${hub}`, url));
    if (identity === undefined) return refuse(upgrade, 401);
    if (!identity.groups.every(isGroupName)) return refuse(upgrade, 400);
    await this.#attach(upgrade, this.#newConnection(upgrade, hub, identity));
  }

  #newConnection({ request }: Upgrade, hub: string, identity: ClientIdentity): Connection {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const subprotocol = chosenSubprotocol(offered);
    return this.#connections.create({ hub: hub.toLowerCase(), identity, subprotocol, recoveryMs: this.#recoveryMs });
  }

  /** Status code 1008 tells the client that it cannot recover and must connect again. */
  async #recover(upgrade: Upgrade, { searchParams }: URL, hub: string): Promise<void> {
    const connectionId = searchParams.get('awps_connection_id') ?? '';
    const token = searchParams.get('awps_reconnection_token') ?? '';
    const isValid = await this.#tokens.isValidReconnectionToken(token, connectionId);
    const connection = isValid ? this.#connections.find(hub, connectionId) : undefined;
    if (connection !== undefined) await this.#attach(upgrade, connection);
    else this.#handshake(upgrade, (socket) => socket.close(closeCode.policyViolation, 'The connection is not known.'));
  }

  async #attach(upgrade: Upgrade, connection: Connection): Promise<void> {
    const connected = await this.#connectedEvent(connection);
    this.#handshake(upgrade, (socket) => {
      socket.on('message', (data) => {
        if (!connection.hasEnded) receiveFrame(this.#connections, connection, data.toString());
      });
      connection.attach(socket, connected);
      this.#connections.add(connection);
    });
  }

  async #connectedEvent({ id, userId, isReliable }: Connection): Promise<object> {
    const event = { type: 'system', event: 'connected', userId, connectionId: id };
    return isReliable ? { ...event, reconnectionToken: await this.#tokens.issueReconnectionToken(id) } : event;
  }

  #handshake({ request, socket, head }: Upgrade, onOpen: (socket: WebSocket) => void): void {
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      // ws closes the WebSocket by itself; without a listener the event would end the process.
      webSocket.on('error', () => {});
      onOpen(webSocket);
    });
  }
}

function refuse({ socket }: Upgrade, status: 400 | 401 | 404): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
