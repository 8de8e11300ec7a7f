/** Seconds that a client waits without a `Prefer` header. */
const DEFAULT_WAIT_SECONDS = 5;

/** The preference `wait`, whose value may be quoted (RFC 7240, section 2). */
const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d+)"?(?:$|[,;\s])/i;

/**
 * How long (ms) a client is willing to wait for an answer: `Prefer: wait=S` (RFC 7240, section 4.3).
 * @param maxSeconds the longest wait, also for clients that would wait longer
 */
export function preferredWaitMs(prefer: string | null, maxSeconds: number): number {
  const wanted = WAIT.exec(prefer ?? '')?.[1];
  return Math.min(Number(wanted ?? DEFAULT_WAIT_SECONDS), maxSeconds) * 1000;
}
