import { parseArgs } from 'node:util';
import type { LocalAzurePorts } from './local-azure.ts';

export interface LocalOptions {
  readonly ports: LocalAzurePorts & { readonly functions: number };
  /** Folder for persistent data: the orders, events and read models, the master key and the development issuer's key. */
  readonly data: string;
  readonly help: boolean;
}

export const OPTIONS_HELP = `  --functions-port   HTTP functions (7071)
  --event-hubs-port  Event Hubs, AMQP (5672)
  --cosmos-db-port   Cosmos DB (8081)
  --web-pubsub-port  Web PubSub (8082)
  --blob-port        Storage: blobs (10000)
  --queue-port       Storage: queues (10001)
  --table-port       Storage: tables (10002)
  --data             folder for persistent data: orders, events, read models, keys (.data)`;

/** Parses the command line. Throws an error with a user-facing message when an option is unknown or not a valid port. */
export function parseOptions(args: readonly string[]): LocalOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'functions-port': { type: 'string', default: '7071' },
      'event-hubs-port': { type: 'string', default: '5672' },
      'cosmos-db-port': { type: 'string', default: '8081' },
      'web-pubsub-port': { type: 'string', default: '8082' },
      'blob-port': { type: 'string', default: '10000' },
      'queue-port': { type: 'string', default: '10001' },
      'table-port': { type: 'string', default: '10002' },
      data: { type: 'string', default: '.data' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = (name: Exclude<keyof typeof values, 'data' | 'help'>) => {
    const number = Number(values[name]);
    if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
    throw new Error(`--${name} must be a port from 0 to 65535 (0 picks a free port), not ${values[name]}.`);
  };
  return {
    ports: {
      functions: port('functions-port'),
      eventHubs: port('event-hubs-port'),
      cosmosDb: port('cosmos-db-port'),
      webPubSub: port('web-pubsub-port'),
      blob: port('blob-port'),
      queue: port('queue-port'),
      table: port('table-port'),
    },
    data: values.data,
    help: values.help,
  };
}
