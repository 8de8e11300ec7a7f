import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../../local/listening-server.ts';

/** A server between a client and a stand-in that delays what it passes on, as a network does. */
export interface LatencyProxy {
  readonly port: number;
  close(): void;
}

/**
 * Starts it on loopback.
 * @param target port of the stand-in
 * @param roundTripMs delay of a request and its answer together: each takes half of it. Bytes are delayed, not slowed down, so
 *   requests of one connection can be under way at the same time.
 */
export async function startLatencyProxy(target: number, roundTripMs: number): Promise<LatencyProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    for (const [from, to] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(from);
      from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), roundTripMs / 2));
      from.on('end', () => setTimeout(() => to.end(), roundTripMs / 2));
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
