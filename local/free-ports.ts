import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LocalOptions } from './options.ts';

type Ports = LocalOptions['ports'];

const OPTIONS: Readonly<Record<keyof Ports, string>> = {
  functions: '--functions-port',
  eventHubs: '--event-hubs-port',
  cosmosDb: '--cosmos-db-port',
  webPubSub: '--web-pubsub-port',
  blob: '--blob-port',
  queue: '--queue-port',
  table: '--table-port',
};

/** Something listens on a port that is needed; the message names each such port and the option that changes it. */
export class PortInUseError extends Error {
  readonly code = 'EADDRINUSE';

  constructor(taken: readonly (readonly [port: number, option: string])[]) {
    const ports = taken.map(([port, option]) => `${port} (${option})`).join(', ');
    super(
      taken.length === 1
        ? `Port ${ports} is in use: end what listens there, such as another "npm start", or give another port with that option.`
        : `Ports ${ports} are in use: end what listens there, such as another "npm start", or give other ports with these options.`,
    );
    this.name = 'PortInUseError';
  }
}

/** Looks at all ports before anything is started; 0, a free one, always passes. Throws PortInUseError. */
export async function requireFreePorts(ports: Partial<Ports>): Promise<void> {
  const names = Object.keys(OPTIONS) as (keyof Ports)[]; // the keys of a Record over them
  const looked = await Promise.all(
    names.map(async (name) => {
      const port = ports[name] ?? 0;
      return (await isFree(port)) ? [] : [[port, OPTIONS[name]] as const];
    }),
  );
  const taken = looked.flat();
  if (taken.length > 0) throw new PortInUseError(taken);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
