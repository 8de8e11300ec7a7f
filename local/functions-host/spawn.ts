import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { FunctionSummary } from './function-list.ts';

export interface FunctionsHostOptions {
  /** The folder of the app: host.json, package.json, local.settings.json. */
  readonly root: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Settings of the app, above those of local.settings.json and of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Gets what the host prints for people, line by line as it comes. */
  readonly onOutput?: (text: string) => void;
}

export interface FunctionsHostProcess {
  readonly port: number;
  /** Without a slash at the end. */
  readonly url: string;
  readonly functions: readonly FunctionSummary[];
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  readonly ended: Promise<unknown>;
  /** Everything the host has printed so far. */
  output(): string;
  /** Stops it gracefully; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), as a crash would. */
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

/** Node keeps compiled modules there: the next start is a third quicker. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };

/** What the host prints for this process alone. */
const READY_LINE = /^\{"ready":.*\}$/m;

/** Above the host's own limit. */
const STOP_LIMIT_MS = 20_000;

/**
 * Starts a Functions host as a child process, which ends with this one; resolves when its functions run.
 * @throws {Error} with the host's output, unless `onOutput` has it, when it ends before it is ready or the app cannot be loaded.
 */
export async function spawnFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHostProcess> {
  const child = fork(
    fileURLToPath(new URL('./main.ts', import.meta.url)),
    ['--root', options.root, '--port', String(options.port ?? 0), '--json'],
    {
      env: { ...COMPILE_CACHE, ...process.env, ...options.env },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const ended = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    createInterface({ input: stream }).on('line', (line) => {
      if (!READY_LINE.test(line)) options.onOutput?.(`${line}\n`);
    });
  }
  const kill = () => end(child, () => child.kill('SIGKILL'));

  const { ready, port, functions } = await readiness(child, () => output);
  if (!ready) {
    await kill();
    // Who gets the output has seen it
    throw new Error(options.onOutput ? 'The function app is in error.' : `The function app is in error:\n${output}`);
  }
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    functions,
    pid: child.pid ?? 0,
    ended,
    output: () => output,
    stop: () => end(child, () => child.connected && child.send({ type: 'shutdown' })),
    kill,
  };
}

function readiness(child: ChildProcess, output: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      reject(new Error(`The Functions host ended (${code}) before it was ready:\n${output()}`));
    });
    const look = () => {
      const line = READY_LINE.exec(output())?.[0];
      if (line === undefined) return;
      child.stdout?.off('data', look);
      resolve(Ready.parse(JSON.parse(line)));
    };
    child.stdout?.on('data', look);
  });
}

async function end(child: ChildProcess, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close'); // after the last of its output
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  ask();
  await closed;
  clearTimeout(timer);
}
