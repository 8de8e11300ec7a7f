import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { readOptions } from '../../scripts/cli/read-options.ts';
import { captureConsole } from './console.ts';
import { formatFunctionList } from './function-list.ts';
import { type FunctionsHost, startHost } from './host.ts';
import { PortInUseError } from './http-server.ts';
import { createLog, LOG_FORMATS, type LogFormat } from './log.ts';
import { readSettings, SettingsError } from './settings.ts';

const HELP = `Runs an Azure Functions app (Node.js, programming model v4) locally, like "func start".

  node local/functions-host/main.ts [--root .] [--main dist/index.cjs] [--port 7071] [--pages 8080] [--other] [--json] [--log text]

  --root   The folder that contains host.json, package.json and local.settings.json. Default: the current directory.
  --main   Glob of the files to load, relative to the folder. Default: "main" in package.json.
  --port   The port to listen on; 0 picks a free port. Default: Host.LocalHttpPort in local.settings.json, else 7071.
  --pages  The port of a server on this machine that serves everything outside /api. Default: nothing is there.
  --other  Forwards requests below /api that match no function to another host on this machine. The parent process sends the
           port in a message {"type":"other","port":7072}; the requests wait for it.
  --json   Prints one line of JSON when the host is ready: {"ready":true,"port":7071,"functions":[...]}.
  --log    The format of the log: text, or json (one object per line). Default: text on a terminal, else json.
  --help   Prints this help.
`;

/** The process exits after this time even if a hook or the closing of a connection hangs. */
const EXIT_LIMIT_MS = 15_000;

const OtherMessage = z.object({ type: z.literal('other'), port: z.int() });

interface Options {
  readonly root: string;
  readonly main: string | undefined;
  readonly port: number | undefined;
  readonly pagesPort: number | undefined;
  readonly other: boolean;
  readonly json: boolean;
  readonly log: LogFormat;
}

function readCommandLine(): Options | 'help' {
  const { values } = readOptions({
    options: {
      root: { type: 'string', default: '.' },
      main: { type: 'string' },
      port: { type: 'string' },
      pages: { type: 'string' },
      other: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      log: { type: 'string', default: process.stdout.isTTY ? 'text' : 'json' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const port = readPort('--port', values.port);
  const pagesPort = readPort('--pages', values.pages);
  const log = LOG_FORMATS.find((format) => format === values.log);
  if (log === undefined) throw new SettingsError(`--log must be ${LOG_FORMATS.join(' or ')}, not '${values.log}'.`);
  const { main, other, json } = values;
  return { root: resolve(values.root), main, port, pagesPort, other, json, log };
}

function readPort(option: string, value: string | undefined): number | undefined {
  const port = value === undefined ? undefined : Number(value);
  if (port === undefined || (Number.isInteger(port) && port >= 0 && port <= 65_535)) return port;
  throw new SettingsError(`${option} must be a number from 0 to 65535, not '${value}'.`);
}

async function run({ root, main, port, pagesPort, other, json, log: format }: Options): Promise<void> {
  const settings = await readSettings(root, port);
  const log = createLog(settings.logLevels, format);
  captureConsole(log);
  const starting = startHost(settings, log, { main, pagesPort, otherPort: other ? portOfOther() : undefined });
  stopOnRequest(starting);
  const host = await starting;
  if (host.error === undefined && format === 'text') process.stdout.write(formatFunctionList(host.functions));
  for (const { name, error } of host.functions) {
    if (error === undefined) continue;
    log('error', { source: name, category: 'Host.Startup', message: `The '${name}' function is in error: ${error}` });
  }
  if (json) {
    const { error, functions } = host;
    process.stdout.write(`${JSON.stringify({ ready: error === undefined, port: host.port, functions, error })}\n`);
  }
}

/** Resolves to the port of the other host when the parent process sends it. */
function portOfOther(): Promise<number> {
  return new Promise((resolve) => {
    process.on('message', (message: unknown) => {
      const other = OtherMessage.safeParse(message).data;
      if (other !== undefined) resolve(other.port);
    });
  });
}

/** Stops on Ctrl-C, SIGTERM, a `shutdown` message or the end of the parent process, even during startup. */
function stopOnRequest(starting: Promise<FunctionsHost>): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), EXIT_LIMIT_MS).unref();
    const stopped = starting.then((host) => host.stop());
    stopped.then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${inspect(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  process.on('message', (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'type' in message && message.type === 'shutdown') stop();
  });
}

try {
  const options = readCommandLine();
  if (options === 'help') process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  const isPlain = error instanceof PortInUseError || error instanceof SettingsError;
  process.stderr.write(`${isPlain ? error.message : inspect(error)}\n`);
  process.exit(1);
}
