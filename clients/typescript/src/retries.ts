import type { Send } from './attempt.ts';
import { ApiError, type ConnectionError, isTransient } from './errors.ts';
import { pause } from './pause.ts';

/** How requests are retried. All times are in milliseconds. */
export interface RetryOptions {
  /** How long a request is retried, counted from its first attempt. 0: not at all. Default: 60,000. */
  readonly timeoutMs?: number;
  /**
   * Delay before the first retry. It doubles with each retry, up to the maximum. No retry comes before the `Retry-After` of the
   * response. Default: 200.
   */
  readonly firstDelayMs?: number;
  /** Default: 5,000. */
  readonly maxDelayMs?: number;
  /** Called before each retry, for example to log it. What it throws becomes the result of the request, which is then not retried. */
  readonly onRetry?: (retry: Retry) => void;
}

/** A retry that is about to be made. */
export interface Retry {
  /** The reason for it. */
  readonly error: ApiError | ConnectionError;
  /** 1 for the first retry. */
  readonly attempt: number;
  readonly delayMs: number;
}

/**
 * Retries transient failures, with the same idempotency key. A request that is neither a GET nor has such a key may have been executed, so
 * it is retried only after 429.
 */
export function withRetries(send: Send, options: RetryOptions = {}): Send {
  const { timeoutMs = 60_000, onRetry } = options;
  return async (request) => {
    const deadline = performance.now() + timeoutMs;
    const retry = async (error: unknown, attempt: number): Promise<Response> => {
      if (!isTransient(error) || !canRepeat(request, error)) throw error;
      const delayMs = delayBefore(attempt, error, options);
      if (performance.now() + delayMs >= deadline) throw error;
      onRetry?.({ error, attempt, delayMs });
      await pause(delayMs, request.signal);
      return send(request.clone()).catch((next: unknown) => retry(next, attempt + 1));
    };
    return send(request.clone()).catch((error: unknown) => retry(error, 1));
  };
}

function delayBefore(attempt: number, error: ApiError | ConnectionError, options: RetryOptions): number {
  const { firstDelayMs = 200, maxDelayMs = 5_000 } = options;
  const half = Math.min(firstDelayMs * 2 ** (attempt - 1), maxDelayMs) / 2;
  const requested = error instanceof ApiError ? error.retryAfterMs : undefined;
  // Jitter prevents requests that failed together from being retried together.
  return Math.max(requested ?? 0, half) + Math.random() * half;
}

function canRepeat(request: Request, error: ApiError | ConnectionError): boolean {
  const isRefused = error instanceof ApiError && error.status === 429;
  return isRefused || request.method === 'GET' || request.headers.has('Idempotency-Key');
}
