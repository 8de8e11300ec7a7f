/** How the wait grows between attempts. */
export interface Backoff {
  /** Maximum wait (ms) before the second attempt. It doubles with each further attempt. */
  readonly firstMs: number;
  /** Upper limit of every wait (ms). */
  readonly maxMs: number;
}

/**
 * Returns the milliseconds to wait after a failed attempt: exponential backoff with equal jitter (half of the wait is random), so
 * that callers that failed together do not retry together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * @param attempt the attempt that failed: 1, 2, …
 * @param random returns a number from 0 to 1
 */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number): number {
  return (Math.min(firstMs * 2 ** (attempt - 1), maxMs) * (1 + random())) / 2;
}
