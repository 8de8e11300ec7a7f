import { once } from 'node:events';
import { Socket } from 'node:net';
import { EncryptedSocket } from './encrypted-socket.ts';

/** A server to connect to: the one in the connection string, or one that it redirects to. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Opens a socket for the driver (its option `connector`). The driver passes all arguments, although its types declare none. */
export type Connector = (target?: Target, lookup?: unknown, signal?: AbortSignal) => Promise<Socket>;

/**
 * Returns a connector whose sockets send without delay and refuse to send anything secret in clear text (`EncryptedSocket`).
 * Only a connection to this machine may be in clear text, and only if the connection string names this machine.
 * @param server the server in the connection string
 */
export function connectorTo(server: string): Connector {
  return async (target, _lookup, signal) => {
    if (target === undefined) throw new TypeError('The driver did not say where to connect.');
    const isLocal = isLoopback(server) && isLoopback(target.host);
    const socket = isLocal ? new Socket() : new EncryptedSocket();
    try {
      const connected = once(socket, 'connect', { signal });
      socket.connect(target);
      await connected;
      // The driver leaves Nagle's algorithm on: the last packet of a request then waits about 40 ms for a delayed acknowledgement.
      socket.setNoDelay(true);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}

/** True for names and addresses of this machine. */
export function isLoopback(server: string): boolean {
  return server === 'localhost' || server === '::1' || /^127(\.\d{1,3}){3}$/.test(server);
}
