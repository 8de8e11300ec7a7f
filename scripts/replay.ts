/** Starts a replay of the event log and shows how far it has come: `npm run replay`. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { REPLAYABLE } from '../src/sync/replay/replay.ts';
import { readUrl } from './cli/api-url.ts';
import { type Answer, problemOf, request } from './cli/http-request.ts';
import { type ProgressStream, progressBar } from './cli/progress-bar.ts';
import { findToken, HOW_TO_GET_A_TOKEN } from './cli/token.ts';

const USAGE = `Builds read models anew from the event log, while reads and commands go on, and shows how far it has come.

  npm run replay -- [options]

  --read-model <name>  which one, such as order_details (default all)
  --from <time>        only events recorded since, such as 2026-01-31T00:00:00Z
  --id <replay>        watch this replay instead of starting one
  --url <url>          the API (default http://localhost:7071/api)
  --token <jwt>        a bearer token of role admin (default: the environment's REPLAY_TOKEN; for the system on this machine
                       none is needed)
  --data <folder>      of the system on this machine (default .data)
  --help               this text

Ctrl-C ends the watching, not the replay. Exit code: 0 when the replay is completed, 1 when it failed or could not be started or
watched, 2 when the command line is wrong.`;

/** What the command has of the world. */
export interface Surroundings {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: ProgressStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks, and looks without an answer before it gives up: one minute. */
const LOOK_EVERY_MS = 500;
const MAX_MISSED_LOOKS = 120;

/** Ends the command; the message is for people. */
class Stopped extends Error {}

const started = z.object({ replayId: z.string() });
const replay = z.object({
  readModel: z.string(),
  status: z.enum(['running', 'completed', 'failed']),
  total: z.number(),
  done: z.number(),
  error: z.string().optional(),
});
type Replay = z.output<typeof replay>;

type Send = (path: string, init?: RequestInit) => Promise<Answer | string>;

/** The command; returns the exit code. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, signal } = surroundings;
  try {
    const options = readOptions(args);
    if (options.help !== true) return await run(options, surroundings);
    stdout.write(`${USAGE}\n`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 1;
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof TypeError ? 2 : 1; // parseArgs throws TypeErrors, too
  }
}

/** Starts a replay unless one is named, and watches it. Returns the exit code. */
async function run(options: ReturnType<typeof readOptions>, surroundings: Surroundings): Promise<number> {
  const { stdout, env, signal } = surroundings;
  const { url, data, 'read-model': readModel, from } = options;
  const token = await findToken({ fromCommandLine: options.token, fromEnvironment: env.REPLAY_TOKEN, url, data });
  if (token === undefined) throw new TypeError(`A replay needs a token of role admin. ${HOW_TO_GET_A_TOKEN}`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const send: Send = async (path, init) => {
    const answer = await request(`${url}/admin/replays${path}`, { ...init, headers }, [signal]);
    if (typeof answer === 'string' || isOfTheApi(answer)) return answer;
    throw new Stopped(`What answers at ${url} is not the orders API (status ${answer.status}): is the --url right?`);
  };
  const replayId = options.id ?? (await start(send, { readModel, from }));
  const { status, total, error } = await watch(send, replayId, surroundings);
  const outcome = error ?? (total === 0 ? 'there was no event to replay' : `${total} events`);
  stdout.write(`Replay ${replayId} ${status}: ${outcome}\n`);
  return status === 'completed' ? 0 : 1;
}

/** All that the API refuses is a problem document; a proxy before it may fail in other ways for a while. */
function isOfTheApi(answer: Answer): boolean {
  const isRefusal = answer.status >= 300 && answer.status < 500;
  return !isRefusal || !problemOf(answer).code.startsWith('status ');
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
  if (typeof answer === 'string') throw new Stopped(`The API cannot be reached: ${answer}.`);
  if (answer.status === 202) return started.parse(answer.body).replayId;
  const { detail } = problemOf(answer);
  if (answer.status === 401 || answer.status === 403) {
    throw new Stopped(`No replay was started: the API does not accept the token (${detail}). ${HOW_TO_GET_A_TOKEN}`);
  }
  throw new Stopped(`No replay was started: ${detail}`);
}

/** Shows the replay until it has ended. */
async function watch(send: Send, replayId: string, { stderr, signal }: Surroundings): Promise<Replay> {
  const bar = progressBar(stderr);
  try {
    for (let missed = 0; ; await delay(LOOK_EVERY_MS, undefined, { signal })) {
      const seen = await look(send, replayId);
      if (typeof seen === 'string') {
        missed++;
        if (missed === MAX_MISSED_LOOKS) throw new Stopped(`Replay ${replayId} cannot be watched: ${seen}.`);
        continue;
      }
      missed = 0;
      show(bar, seen);
      if (seen.status !== 'running') return seen;
    }
  } finally {
    bar.stop();
    if (signal.aborted) stderr.write(`The replay goes on; watch it with: npm run replay -- --id ${replayId}\n`);
  }
}

/** From the first answer on: what stops the command before is all that there is to say. */
function show(bar: ReturnType<typeof progressBar>, { total, done }: Replay): void {
  if (!bar.isActive) bar.start(total, done, { phase: 'Replaying' });
  bar.setTotal(total);
  bar.update(done);
}

/** The replay as it is; why it could not be seen where that may pass. Throws Stopped when there is no such replay to be seen. */
async function look(send: Send, replayId: string): Promise<Replay | string> {
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
