import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from '../../local/listening-server.ts';

/** A TCP proxy that delays the bytes between a client and a stand-in, as a network does. */
export interface LatencyProxy {
  readonly port: number;
  close(): void;
}

/**
 * Starts a proxy on a free port of loopback.
 * @param target port of the stand-in
 * @param roundTripMs delay in milliseconds of a request and its response together, half of it in each direction. The bandwidth is not
 *   limited, so several requests of a connection can be in flight.
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
