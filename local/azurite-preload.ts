/** Runs inside the Azurite process before Azurite does. */
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isAllowedHost, refuseHost } from './allowed-hosts.ts';

// Azurite must shut down gracefully when its parent process ends, even after a kill -9.
process.once('disconnect', () => process.emit('SIGTERM') || process.exit());

// Azurite accepts any host name, and its account key is public.
const { emit } = Server.prototype;
Server.prototype.emit = function (event: string | symbol, ...args: unknown[]): boolean {
  const [request, response] = args;
  const isRequest = event === 'request' && request instanceof IncomingMessage && response instanceof ServerResponse;
  if (!isRequest || isAllowedHost(request)) return Reflect.apply(emit, this, [event, ...args]);
  refuseHost(response);
  return true;
};
