/** Seconds that a client waits without a `Prefer` header. */
const DEFAULT_WAIT_SECONDS = 5;

/**
 * How long (ms) a client is willing to wait for an answer: `Prefer: wait=S` (RFC 7240, section 4.3).
 * @param maxSeconds the longest wait
 */
export function preferredWaitMs(prefer: string | null, maxSeconds: number): number {
  const wanted = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  return Math.min(Number(wanted ?? DEFAULT_WAIT_SECONDS), maxSeconds) * 1000;
}
