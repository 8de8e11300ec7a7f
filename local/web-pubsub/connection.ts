/**
 * One client as the service knows it. A client of the reliable subprotocol outlives its WebSocket: its groups and the messages
 * that it has not acknowledged stay until it recovers or its time is over. See
 * https://learn.microsoft.com/azure/azure-web-pubsub/howto-develop-reliable-clients
 */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import { type GroupAction, isGroupActionAllowed } from './group-roles.ts';
import type { EncodedMessage } from './message.ts';
import { RecentAckIds } from './recent-ack-ids.ts';
import { type Subprotocol, subprotocols } from './subprotocols.ts';
import { UnacknowledgedMessages } from './unacknowledged-messages.ts';

/** Who a client is and what it may do: the content of its access token. */
export interface ClientIdentity {
  /** Null for an anonymous client. */
  readonly userId: string | null;
  readonly roles: readonly string[];
  /** Groups it is in from the start; no role is needed for them. */
  readonly groups: readonly string[];
}

export interface ConnectionSettings {
  /** In lower case: hub names are case-insensitive. */
  readonly hub: string;
  readonly identity: ClientIdentity;
  /** Undefined for a simple WebSocket client. */
  readonly subprotocol: Subprotocol | undefined;
  /** How long a reliable client can recover after its WebSocket was lost; 0: it cannot. */
  readonly recoveryMs: number;
  /** Called once, when the connection is gone for good. */
  readonly onEnd: (connection: Connection) => void;
}

/** RFC 6455, section 7.4.1 */
export const closeCode = { normal: 1000, invalidPayload: 1007, policyViolation: 1008, internalError: 1011 } as const;

export type CloseCode = (typeof closeCode)[keyof typeof closeCode];

/** A client that reads so slowly that more is waiting for it is closed. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

export class Connection {
  readonly id = randomUUID().replaceAll('-', '');
  readonly hub: string;
  readonly userId: string | null;
  readonly subprotocol: Subprotocol | undefined;
  readonly groups: Set<string>;
  readonly ackIds = new RecentAckIds();
  readonly #settings: ConnectionSettings;
  readonly #unacknowledged: UnacknowledgedMessages | undefined;
  #socket: WebSocket | undefined;
  #recoveryTimer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(settings: ConnectionSettings) {
    const { hub, identity, subprotocol } = settings;
    this.hub = hub;
    this.userId = identity.userId;
    this.subprotocol = subprotocol;
    this.groups = new Set(identity.groups);
    this.#settings = settings;
    this.#unacknowledged = subprotocol === subprotocols.reliableJson ? new UnacknowledgedMessages() : undefined;
  }

  /** Whether it is gone for good. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isReliable(): boolean {
    return this.#unacknowledged !== undefined;
  }

  mayDo(action: GroupAction, group: string): boolean {
    return isGroupActionAllowed(this.#settings.identity.roles, action, group);
  }

  /** Gives the client its WebSocket: the first, or the next when it recovers. The one before is cut. */
  attach(socket: WebSocket, connectedEvent: object): void {
    if (this.#hasEnded) {
      socket.close(closeCode.policyViolation);
      return;
    }
    clearTimeout(this.#recoveryTimer);
    const previous = this.#socket;
    this.#socket = socket;
    previous?.terminate();
    socket.on('close', (code) => this.#detach(socket, code));
    // Raised for frames that break the WebSocket protocol or are too large; ws then closes with the code for it.
    socket.on('error', () => {
      if (socket === this.#socket) this.#finish();
    });
    this.reply(connectedEvent);
    for (const json of this.#unacknowledged?.inOrder() ?? []) this.#write(json);
  }

  /** Delivers a published message, or keeps it for a reliable client that has lost its WebSocket. */
  deliver({ frame, envelope }: EncodedMessage): void {
    if (this.#hasEnded) return;
    if (this.subprotocol === undefined) this.#write(frame);
    else if (this.#unacknowledged === undefined) this.#write(envelope);
    else this.#deliverReliably(this.#unacknowledged, envelope);
  }

  acknowledge(sequenceId: number): void {
    this.#unacknowledged?.acknowledge(sequenceId);
  }

  /** Sends a system event or an ack; simple WebSocket clients receive none. */
  reply(content: object): void {
    if (this.subprotocol !== undefined) this.#write(JSON.stringify(content));
  }

  /**
   * Closes the connection for good.
   * @param message told to the client in the `disconnected` event before the close frame
   */
  end(code: CloseCode, message: string): void {
    if (this.#hasEnded) return;
    this.reply({ type: 'system', event: 'disconnected', message });
    const socket = this.#socket;
    this.#finish();
    socket?.close(code);
  }

  /** Cuts the WebSocket without a close frame and forgets the client. */
  abandon(): void {
    const socket = this.#socket;
    this.#finish();
    socket?.terminate();
  }

  #deliverReliably(unacknowledged: UnacknowledgedMessages, envelope: string): void {
    const json = unacknowledged.add(envelope);
    if (json === undefined) this.end(closeCode.policyViolation, 'The reliable message buffer is full.');
    else this.#write(json);
  }

  #write(frame: string | Buffer): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (socket.bufferedAmount > MAX_WAITING_BYTES) this.abandon();
    else socket.send(frame, { binary: typeof frame !== 'string' });
  }

  /** Only a normal closure means that the client will not reconnect; a lost connection has code 1006. */
  #detach(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    const { recoveryMs } = this.#settings;
    if (!this.isReliable || code === closeCode.normal || recoveryMs === 0) this.#finish();
    else this.#recoveryTimer = setTimeout(() => this.#finish(), recoveryMs).unref();
  }

  #finish(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#socket = undefined;
    clearTimeout(this.#recoveryTimer);
    this.#settings.onEnd(this);
  }
}
