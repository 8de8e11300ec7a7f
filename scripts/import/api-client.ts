import {
  type Answer,
  ApiError,
  ConnectionError,
  createOrdersClient,
  isProblem,
  isTransient,
  type OrdersClient,
  type Retry,
} from '../../clients/typescript/src/index.ts';
import { HOW_TO_GET_A_TOKEN } from '../cli/token.ts';
import { ImportStopped } from './import-stopped.ts';

/** A command without a response for this long (ms) counts as a dropped connection. */
const COMMAND_TIMEOUT_MS = 40_000;

export interface ApiClient {
  readonly orders: OrdersClient;
  /**
   * Resolves to the response to a request, or to the problem with which the API refused it, including 503 `read-model-behind`. Throws
   * ImportStopped when the retries time out, and for 401 and 403.
   */
  readonly settled: <Data>(request: Promise<Answer<Data>>) => Promise<Answer<Data> | ApiError>;
  /** Duration (ms) of the attempt that got this response. */
  readonly milliseconds: (response: Response) => number;
  /** Number of retries so far. */
  readonly retries: () => number;
}

export interface ApiClientOptions {
  /** Without a trailing slash. */
  readonly url: string;
  readonly token: string;
  /** How long one request is retried, in milliseconds. Default: 60 s. */
  readonly retryTimeoutMs?: number;
  /** The same until the first response from the API, so that a wrong URL is reported soon. Default: 3 s. */
  readonly firstRetryTimeoutMs?: number;
}

/**
 * Creates a client for the orders API. A signal that is passed to a request aborts a read and the wait for a retry. A command in flight
 * is allowed to finish, so that its outcome is known.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { url, token, retryTimeoutMs = 60_000, firstRetryTimeoutMs = 3_000 } = options;
  const created = performance.now();
  const durations = new WeakMap<Response, number>();
  let retries = 0;
  let answered = false;

  const onRetry = ({ error }: Retry): void => {
    if (isProblem(error, 'read-model-behind')) throw error;
    if (!answered && performance.now() - created > firstRetryTimeoutMs) throw error;
    retries += 1;
  };
  const send = async (request: Request): Promise<Response> => {
    const started = performance.now();
    const signal = request.method === 'GET' ? request.signal : AbortSignal.timeout(COMMAND_TIMEOUT_MS);
    const response = await fetch(request, { redirect: 'manual', signal });
    answered = true;
    durations.set(response, performance.now() - started);
    return response;
  };
  const orders = createOrdersClient({
    baseUrl: url,
    token,
    fetch: send,
    retry: { timeoutMs: retryTimeoutMs, onRetry },
  });
  return {
    orders,
    settled: (request) =>
      request.catch((error: unknown) => {
        const timeoutMs = answered ? retryTimeoutMs : firstRetryTimeoutMs;
        const reason = fatalReason(error, url, timeoutMs);
        if (reason !== undefined) throw new ImportStopped(reason);
        if (error instanceof ApiError) return error;
        throw error;
      }),
    milliseconds: (response) => durations.get(response) ?? 0,
    retries: () => retries,
  };
}

/** The code of a problem, or the status of another error response. */
export const codeOf = ({ code, status }: ApiError): string => code ?? `status ${status}`;

/** The reason why every further request would fail too, or undefined when the error concerns only this request. */
function fatalReason(error: unknown, url: string, timeoutMs: number): string | undefined {
  const retried = `retried for ${Math.ceil(timeoutMs / 1000)} s`;
  if (error instanceof ConnectionError) {
    return `Cannot connect to ${url} (${error.message}; ${retried}). Check that the API is running and that --url is correct.`;
  }
  if (error instanceof SyntaxError) return `The server at ${url} is not the orders API (no JSON). Check --url.`;
  if (!(error instanceof ApiError)) return undefined;
  const { status, message } = error;
  if (status === 401) return `The API does not accept the token (${message}). ${HOW_TO_GET_A_TOKEN}`;
  if (status === 403) return `The token does not permit the import (${message}). ${HOW_TO_GET_A_TOKEN}`;
  if (status < 400 || (status === 404 && error.code === undefined)) {
    return `The server at ${url} is not the orders API (status ${status}). Check --url.`;
  }
  return isTransient(error) && !isProblem(error, 'read-model-behind')
    ? `The API returned ${status} ${codeOf(error)} (${message}; ${retried}). Run the import again later.`
    : undefined;
}
