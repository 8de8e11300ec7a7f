import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, problemOf, request, retryAfterMs } from '../cli/http-request.ts';
import { HOW_TO_GET_A_TOKEN } from '../cli/token.ts';
import { ImportStopped } from './import-stopped.ts';

/** Delay before the first retry, in milliseconds. It doubles with each retry up to the maximum. */
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5_000;

export interface ApiClient {
  /** Sends a command. Retries reuse the idempotency key, so the command is executed once. */
  readonly post: (path: string, body: object, idempotencyKey: string) => Promise<Answer>;
  readonly get: (path: string, headers: Record<string, string>) => Promise<Answer>;
  /** Number of retries so far. */
  readonly retries: () => number;
}

export interface ApiClientOptions {
  /** Without a trailing slash. */
  readonly url: string;
  readonly token: string;
  /** Aborts delays and reads immediately. A command in flight is allowed to finish, so that its outcome is known. */
  readonly signal: AbortSignal;
  /** How long one request is retried, in milliseconds. Default: 60 s. */
  readonly retryTimeoutMs?: number;
  /** The same until the first response from the API, so that a wrong URL is reported soon. Default: 3 s. */
  readonly firstRetryTimeoutMs?: number;
}

/**
 * Creates a client for the orders API. Connections are kept alive and reused. 429, 503, `409 concurrent-update` and dropped
 * connections are retried with exponential backoff, or after Retry-After. Throws ImportStopped when the retries time out, and for
 * 401 and 403, which are not retried. Returns every other response to the caller, including `503 read-model-behind`.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, token, signal, retryTimeoutMs = 60_000, firstRetryTimeoutMs = 3_000 } = options;
  let retries = 0;
  let answered = false;
  const currentTimeout = (): number => (answered ? retryTimeoutMs : firstRetryTimeoutMs);

  async function send(path: string, init: RequestInit, cancel: readonly AbortSignal[]): Promise<Answer> {
    const started = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await request(`${url}${path}`, init, cancel);
      answered ||= typeof outcome !== 'string';
      if (isFinal(outcome)) return throwIfFatal(outcome, url);
      const delay = retryDelay(attempt, outcome);
      const timeout = currentTimeout();
      if (performance.now() - started + delay > timeout) throw retriesExhausted(url, outcome, timeout);
      await sleep(delay, undefined, { signal });
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

/** Neither a dropped connection nor a response that a retry may change. */
function isFinal(outcome: Answer | string): outcome is Answer {
  if (typeof outcome === 'string') return false;
  const { status } = outcome;
  const { code } = problemOf(outcome);
  return status !== 429 && (status !== 503 || code === 'read-model-behind') && code !== 'concurrent-update';
}

/** Jitter prevents requests that failed together from being retried together. */
function retryDelay(attempt: number, outcome: Answer | string): number {
  const requested = typeof outcome === 'string' ? undefined : retryAfterMs(outcome.headers);
  return requested ?? Math.min(FIRST_RETRY_MS * 2 ** attempt, MAX_RETRY_MS) * (0.5 + Math.random() / 2);
}

function throwIfFatal(answer: Answer, url: string): Answer {
  const reason = fatalReason(answer, url);
  if (reason !== undefined) throw new ImportStopped(reason);
  return answer;
}

/** The reason why every further request would fail too, or undefined when the response is not fatal. */
function fatalReason(answer: Answer, url: string): string | undefined {
  const { code, detail } = problemOf(answer);
  if (answer.status === 401) return `The API does not accept the token (${detail}). ${HOW_TO_GET_A_TOKEN}`;
  if (answer.status === 403) return `The token does not permit the import (${detail}). ${HOW_TO_GET_A_TOKEN}`;
  const isOtherServer = answer.status < 400 ? answer.status >= 300 : code === 'status 404';
  return isOtherServer
    ? `The server at ${url} is not the orders API (status ${answer.status}). Check --url.`
    : undefined;
}

function retriesExhausted(url: string, outcome: Answer | string, timeoutMs: number): ImportStopped {
  const retried = `retried for ${Math.ceil(timeoutMs / 1000)} s`;
  if (typeof outcome === 'string') {
    return new ImportStopped(
      `Cannot connect to ${url} (${outcome}; ${retried}). Check that the API is running and that --url is correct.`,
    );
  }
  const { code, detail } = problemOf(outcome);
  return new ImportStopped(
    `The API returned ${outcome.status} ${code} (${detail}; ${retried}). Run the import again later.`,
  );
}
