import { systemRuntime } from '../src/shared/system-runtime.ts';

/** Milliseconds between two lines of progress. */
const SAY_EVERY_MS = 2_000;

/** Returns a function that prints a line unless the last line, or the start, was less than two seconds ago. */
export function occasionally(
  say: (line: string) => void,
  now: () => number = systemRuntime.monotonicMs,
): (line: string) => void {
  let saidAt = now();
  return (line) => {
    if (now() - saidAt < SAY_EVERY_MS) return;
    say(line);
    saidAt = now();
  };
}
