import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished } from 'vitest';

/** The options of `npm start` that choose a port. */
export const PORT_OPTIONS = [
  '--functions-port',
  '--event-hubs-port',
  '--cosmos-db-port',
  '--web-pubsub-port',
  '--blob-port',
  '--queue-port',
  '--table-port',
];

/** A port that is in use until the test ends. */
export async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return address.port;
}
