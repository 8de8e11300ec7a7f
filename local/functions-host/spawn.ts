import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { tell } from '../tell.ts';
import type { FunctionSummary } from './function-list.ts';
import type { LogFormat } from './log.ts';

export interface FunctionsHostOptions {
  /** The app's folder, which contains host.json, package.json and local.settings.json. */
  readonly root: string;
  /** Glob of the files to load, relative to `root`. Default: `main` of package.json. */
  readonly main?: string;
  /** Default: 0, which picks a free port. */
  readonly port?: number;
  /** Port of a server on this machine that serves everything outside /api. Default: nothing is there. */
  readonly pagesPort?: number;
  /** Port of another host on this machine, which gets the requests below /api that match no function. They wait for the port. */
  readonly otherPort?: Promise<number>;
  /** App settings. They take precedence over this process's environment and local.settings.json. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `text`. */
  readonly log?: LogFormat;
  /** Port of the debugger's protocol, on loopback. Default: none. */
  readonly inspectPort?: number;
  /** Receives the host's output line by line, without the JSON line. */
  readonly onOutput?: (text: string) => void;
}

export interface FunctionsHostProcess {
  readonly port: number;
  /** Without a trailing slash. */
  readonly url: string;
  readonly functions: readonly FunctionSummary[];
  readonly pid: number;
  /** Resolves when the process has exited for any reason. */
  readonly ended: Promise<unknown>;
  /** Everything the host has printed so far. With `onOutput`, nothing after its start: a host that runs for days prints much. */
  output(): string;
  /** Stops the host gracefully. Resolves when the process has exited. */
  stop(): Promise<void>;
  /** Kills the process (SIGKILL), to simulate a crash. */
  kill(): Promise<void>;
}

const Ready = z.object({
  ready: z.boolean(),
  port: z.int(),
  functions: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      methods: z.array(z.string()).exactOptional(),
      url: z.string().exactOptional(),
      error: z.string().exactOptional(),
    }),
  ),
});
type Ready = z.infer<typeof Ready>;

/** The JSON line, which is meant for this process only. */
const READY_LINE = /^\{"ready":.*\}$/m;

/** Longer than the host's own limit. */
const STOP_LIMIT_MS = 20_000;

/**
 * Starts a Functions host as a child process that exits when this process does. Resolves when its functions run.
 * @throws {Error} when the host exits before it is ready, or cannot load the app. The message contains the host's output, except
 * when the app cannot be loaded and `onOutput` has received it.
 */
export async function spawnFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHostProcess> {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), argumentsOf(options), {
    env: { ...COMPILE_CACHE, ...process.env, ...options.env },
    execArgv: options.inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${options.inspectPort}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'close');
  options.otherPort?.then(
    (port) => tell(child, { type: 'other', port }),
    () => undefined, // the caller that starts the other host handles its failure
  );
  let output = '';
  let isKept = true;
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (isKept) output += text;
    });
    createInterface({ input: stream }).on('line', (line) => {
      if (!READY_LINE.test(line)) options.onOutput?.(`${line}\n`);
    });
  }
  const kill = () => terminate(child, () => child.kill('SIGKILL'));

  const { ready, port, functions } = await readiness(child, () => output);
  if (!ready) {
    await kill();
    // onOutput has already received the details
    throw new Error(options.onOutput ? 'The function app is in error.' : `The function app is in error:\n${output}`);
  }
  isKept = options.onOutput === undefined;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    functions,
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    stop: () => terminate(child, () => tell(child, { type: 'shutdown' })),
    kill,
  };
}

function argumentsOf({
  root,
  main,
  port = 0,
  pagesPort,
  otherPort,
  log = 'text',
}: FunctionsHostOptions): readonly string[] {
  const files = main === undefined ? [] : ['--main', main];
  const pages = pagesPort === undefined ? [] : ['--pages', String(pagesPort)];
  const other = otherPort === undefined ? [] : ['--other'];
  return ['--root', root, ...files, ...pages, ...other, '--port', String(port), '--json', '--log', log];
}

function readiness(child: ChildProcess, output: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      reject(new Error(`The Functions host exited (code ${code}) before it was ready:\n${output()}`));
    });
    const findReadyLine = () => {
      const line = READY_LINE.exec(output())?.[0];
      if (line === undefined) return;
      child.stdout?.off('data', findReadyLine);
      resolve(Ready.parse(JSON.parse(line)));
    };
    child.stdout?.on('data', findReadyLine);
  });
}

async function terminate(child: ChildProcess, request: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close'); // emitted after all output was read
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  request();
  await closed;
  clearTimeout(timer);
}
