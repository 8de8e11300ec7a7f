import { once } from 'node:events';
import { createServer } from 'node:net';
import type { LocalOptions } from './options.ts';

/** The search port comes from a setting. */
type Ports = LocalOptions['ports'] & { readonly search: number };

const OPTIONS: Readonly<Record<keyof Ports, string>> = {
  functions: '--functions-port',
  eventHubs: '--event-hubs-port',
  cosmosDb: '--cosmos-db-port',
  webPubSub: '--web-pubsub-port',
  blob: '--blob-port',
  queue: '--queue-port',
  table: '--table-port',
  search: 'the setting SEARCH_ENDPOINT',
};

/** Required ports are in use. The message names each port and the option that changes it. */
export class PortInUseError extends Error {
  readonly code = 'EADDRINUSE';

  constructor(taken: readonly (readonly [port: number, option: string])[]) {
    const ports = taken.map(([port, option]) => `${port} (${option})`).join(', ');
    super(
      taken.length === 1
        ? `Port ${ports} is in use. Stop the program that uses it, such as another "npm start", or choose another port with this option.`
        : `Ports ${ports} are in use. Stop the programs that use them, such as another "npm start", or choose other ports with these options.`,
    );
    this.name = 'PortInUseError';
  }
}

/** Checks all ports before anything starts. Port 0 picks a free port and always passes. Throws PortInUseError. */
export async function requireFreePorts(
  ports: { readonly [Name in keyof Ports]?: Ports[Name] | undefined },
): Promise<void> {
  const names = Object.keys(OPTIONS) as (keyof Ports)[]; // the keys of a Record over them
  const checked = await Promise.all(
    names.map(async (name) => {
      const port = ports[name] ?? 0;
      return (await isFree(port)) ? [] : [[port, OPTIONS[name]] as const];
    }),
  );
  const taken = checked.flat();
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
