import { useCallback, useEffect, useState } from 'react';
import { type Failure, toFailure } from './commands.ts';

/** Something that is read again and again. */
export interface Polled<Value> {
  readonly value: Value | undefined;
  /** When the value was read, in milliseconds since 1970. */
  readonly readAt: number | undefined;
  /** Why the last attempt failed, if it did. The value is the one before. */
  readonly failure: Failure | undefined;
  /** Reads now, for example after an action. */
  readonly refresh: () => void;
}

/**
 * Reads again and again while the page is visible, one request at a time. Memoize `load` with `useCallback`.
 * @param everyMs the pause in milliseconds, which may depend on what was read (undefined after a failure): a constant function
 */
export function usePoll<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  everyMs: number | ((value: Value | undefined) => number),
): Polled<Value> {
  const [state, setState] = useState<Read<Value>>({ value: undefined, readAt: undefined, failure: undefined });
  const [turn, setTurn] = useState(0);
  const refresh = useCallback(() => setTurn((count) => count + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn reads again
  useEffect(() => {
    const abort = new AbortController();
    let timer: number | undefined;
    let reading = false;
    const read = async () => {
      window.clearTimeout(timer);
      if (reading || document.hidden) return;
      reading = true;
      const found = await attempt(load, abort.signal);
      reading = false;
      if (abort.signal.aborted) return;
      setState((before) => ({ ...before, ...found }));
      timer = window.setTimeout(read, typeof everyMs === 'number' ? everyMs : everyMs(found.value));
    };
    void read();
    document.addEventListener('visibilitychange', read);
    return () => {
      document.removeEventListener('visibilitychange', read);
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [load, everyMs, turn]);
  return { ...state, refresh };
}

type Read<Value> = Omit<Polled<Value>, 'refresh'>;

async function attempt<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  signal: AbortSignal,
): Promise<Partial<Read<Value>>> {
  try {
    return { value: await load(signal), readAt: Date.now(), failure: undefined };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}
