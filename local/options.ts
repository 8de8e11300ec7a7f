import { parseOptions as parse } from '../scripts/cli/read-options.ts';
import type { LocalAzurePorts } from './local-azure.ts';

export interface LocalOptions {
  readonly ports: LocalAzurePorts & { readonly functions: number };
  /** Folder for persistent data: the orders, events and read models, the master key and the development issuer's key. */
  readonly data: string;
  readonly help: boolean;
  /** Only for programs that run the functions. */
  readonly functions: FunctionsOptions;
}

export interface FunctionsOptions {
  /** Entries below the level are not printed. */
  readonly log: 'quiet' | 'normal' | 'verbose';
  readonly watch: boolean;
  /** Where a debugger can attach; undefined = nowhere. */
  readonly inspectPort: number | undefined;
}

export const OPTIONS_HELP = `  --functions-port   HTTP functions (7071)
  --event-hubs-port  Event Hubs, AMQP (5672)
  --cosmos-db-port   Cosmos DB (8081)
  --web-pubsub-port  Web PubSub (8082)
  --blob-port        Storage: blobs (10000)
  --queue-port       Storage: queues (10001)
  --table-port       Storage: tables (10002)
  --data             folder for persistent data: orders, events, read models, keys (.data)`;

/** Port for the debugger of commands and queries. */
const DEBUGGER_PORT = '9229';

/** Help for the options that apply where the functions run. */
export const FUNCTIONS_OPTIONS_HELP = `  --quiet            print only warnings and errors
  --verbose          also print debug entries, such as health probes and retries
  --watch            restart the functions when a file in src/ changes
  --inspect          let a debugger attach to commands and queries on port 9229, and to the sync app on port 9230
  --inspect-port     the same on another port and the one after it`;

const FUNCTIONS_OPTIONS = {
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  inspect: { type: 'boolean', default: false },
  'inspect-port': { type: 'string' },
} as const;

const OPTIONS = {
  'functions-port': { type: 'string', default: '7071' },
  'event-hubs-port': { type: 'string', default: '5672' },
  'cosmos-db-port': { type: 'string', default: '8081' },
  'web-pubsub-port': { type: 'string', default: '8082' },
  'blob-port': { type: 'string', default: '10000' },
  'queue-port': { type: 'string', default: '10001' },
  'table-port': { type: 'string', default: '10002' },
  data: { type: 'string', default: '.data' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * Parses the command line. Throws an error with a user-facing message when an option is unknown or not a valid port.
 * @param runsFunctions whether the program runs the functions, so that their options apply
 */
export function parseOptions(args: readonly string[], runsFunctions: boolean): LocalOptions {
  if (!runsFunctions) parse({ args: [...args], options: OPTIONS });
  const { values } = parse({ args: [...args], options: { ...OPTIONS, ...FUNCTIONS_OPTIONS } });
  const { data, help, quiet, verbose, watch } = values;
  const port = (name: `${string}-port` & keyof typeof OPTIONS) => portOf(name, values[name]);
  const inspectPort = values['inspect-port'] ?? (values.inspect ? DEBUGGER_PORT : undefined);
  if (quiet && verbose) throw new Error('--quiet and --verbose exclude each other. Try --help.');
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
    data,
    help,
    functions: {
      log: quiet ? 'quiet' : verbose ? 'verbose' : 'normal',
      watch,
      inspectPort: inspectPort === undefined ? undefined : portOf('inspect-port', inspectPort),
    },
  };
}

function portOf(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Error(`--${name} must be a port from 0 to 65535 (0 picks a free port), not ${value}. Try --help.`);
}
