import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, problemOf, request, retryAfterMs } from '../cli/http-request.ts';
import { HOW_TO_GET_A_TOKEN } from '../cli/token.ts';
import { ImportStopped } from './import-stopped.ts';

/** First wait before a retry; each further one is twice as long up to the longest, in milliseconds. */
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

export interface ApiClient {
  /** Sends a command; a retry has the same key, so it is carried out once. */
  readonly post: (path: string, body: object, idempotencyKey: string) => Promise<Answer>;
  readonly get: (path: string, headers: Record<string, string>) => Promise<Answer>;
  /** Requests sent again so far. */
  readonly retries: () => number;
}

export interface ApiClientOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** Ends waits and reads at once; a command under way is let finish so that its answer is known. */
  readonly signal: AbortSignal;
  /** How long one request is retried, in milliseconds. */
  readonly patienceMs?: number;
  /** The same until the API has answered for the first time: a wrong address should show soon. */
  readonly firstPatienceMs?: number;
}

/**
 * Client of the orders API: connections are kept alive and reused; 429, 503, `409 concurrent-update` and dropped connections
 * are retried with growing waits or as long as Retry-After says. Throws ImportStopped when that does not help in time, and for
 * 401 and 403, which no retry mends; every other answer is the caller's. `503 read-model-behind` is an answer too.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, token, signal, patienceMs = 60_000, firstPatienceMs = 3_000 } = options;
  let retries = 0;
  let answered = false;
  const currentPatience = (): number => (answered ? patienceMs : firstPatienceMs);

  async function send(path: string, init: RequestInit, cancel: readonly AbortSignal[]): Promise<Answer> {
    const started = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await request(`${url}${path}`, init, cancel);
      answered ||= typeof outcome !== 'string';
      if (isFinal(outcome)) return usable(outcome, url);
      const wait = waitBefore(attempt, outcome);
      const patience = currentPatience();
      if (performance.now() - started + wait > patience) throw gaveUp(url, outcome, patience);
      await sleep(wait, undefined, { signal });
      retries += 1;
    }
  }

  const authorization = `Bearer ${token}`;
  return {
    post: (path, body, idempotencyKey) =>
      send(
        path,
        {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
          body: JSON.stringify(body),
        },
        [],
      ),
    get: (path, headers) => send(path, { headers: { ...headers, authorization } }, [signal]),
    retries: () => retries,
  };
}

/** Not a dropped connection, and no answer that a retry may change. */
function isFinal(outcome: Answer | string): outcome is Answer {
  if (typeof outcome === 'string') return false;
  const { status } = outcome;
  const { code } = problemOf(outcome);
  return status !== 429 && (status !== 503 || code === 'read-model-behind') && code !== 'concurrent-update';
}

/** Jitter keeps the requests that failed together from coming back together. */
function waitBefore(attempt: number, outcome: Answer | string): number {
  const asked = typeof outcome === 'string' ? undefined : retryAfterMs(outcome.headers);
  return asked ?? Math.min(FIRST_RETRY_MS * 2 ** attempt, LONGEST_RETRY_MS) * (0.5 + Math.random() / 2);
}

function usable(answer: Answer, url: string): Answer {
  const reason = whyHopeless(answer, url);
  if (reason !== undefined) throw new ImportStopped(reason);
  return answer;
}

/** Why no further request would do better, for answers of which that is true. */
function whyHopeless(answer: Answer, url: string): string | undefined {
  const { code, detail } = problemOf(answer);
  if (answer.status === 401) return `The API does not accept the token (${detail}). ${HOW_TO_GET_A_TOKEN}`;
  if (answer.status === 403) return `The token may not import (${detail}). ${HOW_TO_GET_A_TOKEN}`;
  const isStranger = answer.status < 400 ? answer.status >= 300 : code === 'status 404';
  return isStranger
    ? `What answers at ${url} is not the orders API (status ${answer.status}): is the --url right?`
    : undefined;
}

function gaveUp(url: string, outcome: Answer | string, patienceMs: number): ImportStopped {
  const tried = `tried for ${Math.ceil(patienceMs / 1000)} s`;
  if (typeof outcome === 'string') {
    return new ImportStopped(`No connection to ${url} (${outcome}; ${tried}): is it running, and is the --url right?`);
  }
  const { code, detail } = problemOf(outcome);
  return new ImportStopped(
    `The API answers ${outcome.status} ${code} (${detail}; ${tried}). Run the import again later.`,
  );
}
