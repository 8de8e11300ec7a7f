/** Time and timers. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. It may be set back. */
  readonly now: () => number;
  /** Milliseconds since a fixed time. Never goes back, so it measures durations. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms` milliseconds, or as soon as the signal is aborted. */
  readonly delay: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Calls back once after `ms` milliseconds; with 0, in the next turn of the event loop. Returns a function that cancels the call.
   */
  readonly timer: (ms: number, callback: () => void) => () => void;
}

/** Random numbers and ids. */
export interface Chance {
  /** Returns a number from 0 (included) to 1 (excluded). Not for secrets. */
  readonly random: () => number;
  /** Returns a new UUID. */
  readonly newId: () => string;
  /** Returns unpredictable bytes, for keys and initialization vectors. */
  readonly randomBytes: (length: number) => Buffer;
}

/**
 * Everything that makes two runs differ. The entry points pass it down to where it is needed, so that the apps can run
 * under a simulated clock and a seed. Lint refuses other sources of time and chance in `src/`.
 */
export interface Runtime extends Clock, Chance {}
