/** Starts a replay of the event log and shows its progress: `npm run replay`. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  ApiError,
  ConnectionError,
  type components,
  createOrdersClient,
  type OrdersClient,
  type paths,
} from '../clients/typescript/src/index.ts';
import { REPLAYABLE } from '../src/sync/replay/replay.ts';
import { readUrl } from './cli/api-url.ts';
import { type ProgressStream, progressBar } from './cli/progress-bar.ts';
import { parseOptions } from './cli/read-options.ts';
import { findToken, HOW_TO_GET_A_TOKEN } from './cli/token.ts';

const USAGE = `Rebuilds read models from the event log and shows the progress. Reads and commands continue meanwhile.

  npm run replay -- [options]

  --read-model <name>  read model to rebuild, such as order_details (default: all)
  --from <time>        replay only events recorded since then, such as 2026-01-31T00:00:00Z
  --id <replay>        watch this replay instead of starting one
  --url <url>          URL of the API (default: http://localhost:7071/api)
  --token <jwt>        bearer token with the admin role (default: the REPLAY_TOKEN environment variable; not needed for the local
                       system)
  --data <folder>      data folder of the local system (default: .data)
  --help               show this help

Ctrl-C stops watching; the replay continues. Exit code: 0 when the replay completed, 1 when it failed, was cancelled, or could
not be started or watched, 2 when the command line is invalid.`;

/** The command's output streams, environment variables and interrupt signal. */
export interface CliContext {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: ProgressStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

const POLL_INTERVAL_MS = 500;

/** Ends the command. The message is written for users. */
class Stopped extends Error {}

type Replay = components['schemas']['Replay'];
type Wanted = paths['/admin/replays']['post']['requestBody']['content']['application/json'];

/** Runs the command. Returns the exit code. */
export async function main(args: readonly string[], context: CliContext): Promise<number> {
  const { stdout, stderr, signal } = context;
  try {
    const options = readOptions(args);
    if (options.help !== true) return await run(options, context);
    stdout.write(`${USAGE}\n`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 1;
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1; // the command line is invalid
  }
}

/** Starts a replay, unless --id names one, and watches it. Returns the exit code. */
async function run(options: ReturnType<typeof readOptions>, context: CliContext): Promise<number> {
  const { stdout, env, signal } = context;
  const { url, data, 'read-model': readModel, from } = options;
  const token = await findToken({ fromCommandLine: options.token, fromEnvironment: env.REPLAY_TOKEN, url, data });
  if (token === undefined) throw new TypeError(`A replay requires a token with the admin role. ${HOW_TO_GET_A_TOKEN}`);
  const orders = createOrdersClient({
    baseUrl: url,
    token,
    fetch: (request) => fetch(request, { redirect: 'manual' }),
  });
  const stop = (what: string) => (failure: unknown) => {
    throw signal.aborted ? failure : new Stopped(`${what}: ${explain(failure, url)}`);
  };
  const wanted = { readModel, ...(from !== undefined && { from }) };
  const replayId = options.id ?? (await start(orders, wanted, signal).catch(stop('No replay was started')));
  const { status, total, done, error } = await watch(orders, replayId, context).catch(
    stop(`Cannot watch replay ${replayId}`),
  );
  const outcome = error ?? (total === 0 ? 'no events to replay' : countOf(status, done, total));
  stdout.write(`Replay ${replayId} ${status}: ${outcome}\n`);
  return status === 'completed' ? 0 : 1;
}

const countOf = (status: Replay['status'], done: number, total: number): string =>
  status === 'cancelled' ? `${done} of ${total} events` : `${total} events`;

/** What went wrong, for users. */
function explain(failure: unknown, url: string): string {
  const otherServer = (hint: string) => `the server at ${url} is not the orders API (${hint}). Check --url.`;
  if (failure instanceof ConnectionError) return `the API cannot be reached (${failure.message}).`;
  if (failure instanceof SyntaxError) return otherServer('no JSON');
  if (!(failure instanceof ApiError)) return String(failure);
  const { status, code, message } = failure;
  if (code === undefined && status < 500) return otherServer(`status ${status}`);
  if (status !== 401 && status !== 403) return message;
  return `the API does not accept the token (${message}). ${HOW_TO_GET_A_TOKEN}`;
}

function readOptions(args: readonly string[]) {
  const { values } = parseOptions({
    args: [...args],
    options: {
      'read-model': { type: 'string', default: 'all' },
      from: { type: 'string' },
      id: { type: 'string' },
      url: { type: 'string', default: 'http://localhost:7071/api' },
      token: { type: 'string' },
      data: { type: 'string', default: '.data' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const { from, 'read-model': readModel } = values;
  if (!isReplayable(readModel)) throw new TypeError(`--read-model must be one of ${REPLAYABLE.join(', ')}.`);
  if (from !== undefined && !z.iso.datetime({ offset: true }).safeParse(from).success) {
    throw new TypeError(`--from must be a time such as 2026-01-31T00:00:00Z, not "${from}".`);
  }
  return { ...values, 'read-model': readModel, url: readUrl(values.url) };
}

function isReplayable(name: string): name is Wanted['readModel'] {
  return REPLAYABLE.includes(name);
}

async function start({ POST }: OrdersClient, body: Wanted, signal: AbortSignal): Promise<string> {
  const { data } = await POST('/admin/replays', { body, signal });
  return data.replayId;
}

/** Shows the progress until the replay has ended. */
async function watch({ GET }: OrdersClient, replayId: string, { stderr, signal }: CliContext): Promise<Replay> {
  const bar = progressBar(stderr);
  try {
    for (;;) {
      const { data } = await GET('/admin/replays/{replayId}', { params: { path: { replayId } }, signal });
      show(bar, data);
      if (data.status !== 'running') return data;
      await delay(POLL_INTERVAL_MS, undefined, { signal });
    }
  } finally {
    bar.stop();
    if (signal.aborted) stderr.write(`The replay continues. Watch it with: npm run replay -- --id ${replayId}\n`);
  }
}

/** Starts the bar on the first response, so that an earlier error is printed without one. */
function show(bar: ReturnType<typeof progressBar>, { total, done }: Replay): void {
  if (!bar.isActive) bar.start(total, done, { phase: 'Replaying' });
  bar.setTotal(total);
  bar.update(done);
}

if (import.meta.main) {
  const { stdout, stderr, env } = process;
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort()).once('SIGTERM', () => controller.abort());
  process.exitCode = await main(process.argv.slice(2), { stdout, stderr, env, signal: controller.signal });
}
