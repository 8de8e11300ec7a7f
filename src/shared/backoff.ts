/** How waits grow from one attempt to the next. */
export interface Backoff {
  /** Longest wait (ms) before the second attempt; it doubles with every further one. */
  readonly firstMs: number;
  /** No wait is longer than this (ms). */
  readonly maxMs: number;
}

/**
 * Milliseconds to wait after an attempt that failed: exponential backoff with equal jitter (half of the wait is random), so that
 * callers that failed together do not retry together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempt the attempt that failed: 1, 2, …
 * @param random a number from 0 to 1
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  return (Math.min(firstMs * 2 ** (attempt - 1), maxMs) * (1 + random())) / 2;
}
