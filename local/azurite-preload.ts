/** Runs inside the Azurite process before Azurite does. */
import { once } from 'node:events';
import { IncomingMessage, Server, ServerResponse } from 'node:http';
import Module, { createRequire } from 'node:module';
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

// Azurite loads these two with their dependencies, half of all its modules, but uses them only for telemetry and with SQL.
const require = createRequire(createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'));
for (const unused of ['applicationinsights', './blob/SqlBlobServer']) {
  const path = require.resolve(unused);
  require.cache[path] = Object.assign(new Module(path), { loaded: true });
}

// To find the operation of a request, Azurite parses the URI templates of all operations and matches them with one of three patterns,
// such as `/container/blob`. This takes a third of its CPU time. The results never change, so they are cached.
const utils: {
  isURITemplateMatch: (pattern: string, template: string) => boolean;
} = require('./blob/generated/utils/utils.js');
const { isURITemplateMatch } = utils;
const matches = new Map<string, boolean>();
utils.isURITemplateMatch = (pattern, template) => {
  const key = `${pattern} ${template}`;
  const known = matches.get(key);
  if (known !== undefined) return known;
  const isMatch = isURITemplateMatch(pattern, template);
  matches.set(key, isMatch);
  return isMatch;
};

// What Azurite itself loads first, in the same order. It opens its ports and its folder only after a message from the parent process.
for (const part of ['common/Environment', 'blob/BlobServerFactory', 'queue/QueueServer', 'table/TableServer']) {
  require(`./${part}`);
}
await once(process, 'message');
