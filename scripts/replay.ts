/** Starts a replay of the event log and shows its progress: `npm run replay`. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { REPLAYABLE, replayStatus } from '../src/sync/replay/replay.ts';
import { readUrl } from './cli/api-url.ts';
import { type Answer, problemOf, request } from './cli/http-request.ts';
import { type ProgressStream, progressBar } from './cli/progress-bar.ts';
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

/** Milliseconds between polls, and the number of consecutive failed polls before the command gives up: one minute. */
const POLL_INTERVAL_MS = 500;
const MAX_FAILED_POLLS = 120;

/** Ends the command. The message is written for users. */
class Stopped extends Error {}

const started = z.object({ replayId: z.string() });
const replay = z.object({
  readModel: z.string(),
  status: replayStatus,
  total: z.number(),
  done: z.number(),
  error: z.string().optional(),
});
type Replay = z.output<typeof replay>;

type Send = (path: string, init?: RequestInit) => Promise<Answer | string>;

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
    return error instanceof TypeError ? 2 : 1; // parseArgs also throws TypeErrors
  }
}

/** Starts a replay, unless --id names one, and watches it. Returns the exit code. */
async function run(options: ReturnType<typeof readOptions>, context: CliContext): Promise<number> {
  const { stdout, env, signal } = context;
  const { url, data, 'read-model': readModel, from } = options;
  const token = await findToken({ fromCommandLine: options.token, fromEnvironment: env.REPLAY_TOKEN, url, data });
  if (token === undefined) throw new TypeError(`A replay requires a token with the admin role. ${HOW_TO_GET_A_TOKEN}`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const send: Send = async (path, init) => {
    const answer = await request(`${url}/admin/replays${path}`, { ...init, headers }, [signal]);
    if (typeof answer === 'string' || isApiAnswer(answer)) return answer;
    throw new Stopped(`The server at ${url} is not the orders API (status ${answer.status}). Check --url.`);
  };
  const replayId = options.id ?? (await start(send, { readModel, from }));
  const { status, total, done, error } = await watch(send, replayId, context);
  const outcome = error ?? (total === 0 ? 'no events to replay' : countOf(status, done, total));
  stdout.write(`Replay ${replayId} ${status}: ${outcome}\n`);
  return status === 'completed' ? 0 : 1;
}

const countOf = (status: Replay['status'], done: number, total: number): string =>
  status === 'cancelled' ? `${done} of ${total} events` : `${total} events`;

/** The API rejects requests with problem documents. A 5xx may come from a proxy in front of it and be temporary. */
function isApiAnswer(answer: Answer): boolean {
  const isRejection = answer.status >= 300 && answer.status < 500;
  return !isRejection || !problemOf(answer).code.startsWith('status ');
}

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
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
  if (!REPLAYABLE.includes(readModel)) throw new TypeError(`--read-model must be one of ${REPLAYABLE.join(', ')}.`);
  if (from !== undefined && !z.iso.datetime({ offset: true }).safeParse(from).success) {
    throw new TypeError(`--from must be a time such as 2026-01-31T00:00:00Z, not "${from}".`);
  }
  return { ...values, url: readUrl(values.url) };
}

async function start(send: Send, body: object): Promise<string> {
  const answer = await send('', { method: 'POST', body: JSON.stringify(body) });
  if (typeof answer === 'string') throw new Stopped(`Cannot reach the API: ${answer}.`);
  if (answer.status === 202) return started.parse(answer.body).replayId;
  const { detail } = problemOf(answer);
  if (answer.status === 401 || answer.status === 403) {
    throw new Stopped(`No replay was started: the API does not accept the token (${detail}). ${HOW_TO_GET_A_TOKEN}`);
  }
  throw new Stopped(`No replay was started: ${detail}`);
}

/** Shows the progress until the replay has ended. */
async function watch(send: Send, replayId: string, { stderr, signal }: CliContext): Promise<Replay> {
  const bar = progressBar(stderr);
  try {
    for (let failedPolls = 0; ; await delay(POLL_INTERVAL_MS, undefined, { signal })) {
      const polled = await poll(send, replayId);
      if (typeof polled === 'string') {
        failedPolls++;
        if (failedPolls === MAX_FAILED_POLLS) throw new Stopped(`Cannot watch replay ${replayId}: ${polled}.`);
        continue;
      }
      failedPolls = 0;
      show(bar, polled);
      if (polled.status !== 'running') return polled;
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

/** Returns the replay's current state, or the reason for a temporary failure. Throws Stopped when the failure is permanent. */
async function poll(send: Send, replayId: string): Promise<Replay | string> {
  const answer = await send(`/${encodeURIComponent(replayId)}`);
  if (typeof answer === 'string') return answer;
  if (answer.status >= 500) return problemOf(answer).detail;
  if (answer.status !== 200) throw new Stopped(problemOf(answer).detail);
  return replay.parse(answer.body);
}

if (import.meta.main) {
  const { stdout, stderr, env } = process;
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort()).once('SIGTERM', () => controller.abort());
  process.exitCode = await main(process.argv.slice(2), { stdout, stderr, env, signal: controller.signal });
}
