/** What the servers of the stand-ins have in common. */
import type { Server, Socket } from 'node:net';

/** The port on which a server listens on TCP. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}

/** @returns a function that cuts all sockets and refuses new ones while the service is to be down */
export function availability(server: Server): (available: boolean) => void {
  const sockets = new Set<Socket>();
  let isAvailable = true;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (!isAvailable) socket.destroy();
  });
  return (available) => {
    isAvailable = available;
    if (!available) for (const socket of sockets) socket.destroy();
  };
}
