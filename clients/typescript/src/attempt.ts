import { ConnectionError, TokenError, toApiError } from './errors.ts';

/** Sends a request. Resolves only to a successful response. */
export type Send = (request: Request) => Promise<Response>;

/** An access token, or a function that returns a current one. It is called for every attempt, so it should cache the token. */
export type Token = string | (() => string | Promise<string>);

export interface AttemptOptions {
  readonly token: Token | undefined;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Milliseconds for one attempt, from the call of the token function to the end of the response. */
  readonly attemptTimeoutMs: number;
}

/**
 * Returns a function that makes one attempt, with the token. It throws ApiError for a response that is not successful, ConnectionError
 * when there is no complete response, TokenError when there is no token, and the signal's reason when the caller aborts.
 */
export function oneAttempt({ token, fetch, attemptTimeoutMs }: AttemptOptions): Send {
  return async (request) => {
    const timeout = AbortSignal.timeout(attemptTimeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    const failWith = (Failure: typeof ConnectionError | typeof TokenError, missing: string) => (error: unknown) => {
      request.signal.throwIfAborted();
      const reason = timeout.aborted ? `no ${missing} for ${attemptTimeoutMs / 1000} s` : reasonOf(error);
      throw new Failure(reason, { cause: error });
    };
    const sent = new Request(request, { signal });
    if (token !== undefined) {
      const current = await beforeAbort(currentToken(token), signal).catch(failWith(TokenError, 'token'));
      sent.headers.set('authorization', `Bearer ${current}`);
    }
    const response = await completeResponse(fetch(sent)).catch(failWith(ConnectionError, 'response'));
    if (!response.ok) throw await toApiError(response);
    return response;
  };
}

const currentToken = async (token: Token): Promise<string> => (typeof token === 'string' ? token : token());

/** Settles as the promise does, or rejects with the signal's reason as soon as it is aborted. */
async function beforeAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Buffers the body, so that a connection that drops in the middle of it fails the attempt. */
async function completeResponse(fetched: Promise<Response>): Promise<Response> {
  const response = await fetched;
  await response.clone().arrayBuffer();
  return response;
}

/** In Node, `fetch` throws "fetch failed" for every fault, and the cause has the reason. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
