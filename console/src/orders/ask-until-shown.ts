/** A read model that shows the order's version, and how to ask it. */
export interface Shown {
  readonly name: string;
  /** The version that it shows; undefined while the order is not in it, or not on the first page of its list. */
  readonly version: (signal: AbortSignal) => Promise<number | undefined>;
  /** The status with which an order is added to it. In another one, it shows orders only if they are there before. */
  readonly addedWhen?: string;
}

/** What a command made of the order. */
export interface Expected {
  readonly version: number;
  readonly status: string;
  /** When the command was sent, by `performance.now()`. */
  readonly sentAt: number;
}

/** The first pauses (ms) between two questions, and later ones as a part of the time that has passed: they use up no rate limit. */
const FIRST_PAUSE_MS = 100;
const PAUSE_PART = 1 / 5;

/**
 * Asks a read model until it shows the version. Resolves to the milliseconds since the command was sent, or to undefined if the read model
 * will not show the order. Rejects when the signal is aborted or a question fails.
 */
export async function askUntilShown(
  { version, addedWhen }: Shown,
  expected: Expected,
  signal: AbortSignal,
): Promise<number | undefined> {
  for (;;) {
    const shown = await version(signal);
    signal.throwIfAborted();
    const ms = performance.now() - expected.sentAt;
    if (shown === undefined && expected.status !== addedWhen) return undefined;
    if (shown !== undefined && shown >= expected.version) return ms;
    await pauseAfter(ms, signal);
  }
}

/** Pauses before the next question. Rejects after the pause if the signal is aborted. */
export async function pauseAfter(waitedMs: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(FIRST_PAUSE_MS, waitedMs * PAUSE_PART)));
  signal.throwIfAborted();
}
