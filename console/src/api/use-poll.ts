import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, toFailure } from './commands.ts';
import { type Poll, startPoll } from './poll.ts';

/** Something that is read again and again. */
export interface Polled<Value> {
  readonly value: Value | undefined;
  /** When the value was read, in milliseconds since 1970. */
  readonly readAt: number | undefined;
  /** Why the last attempt failed, if it did. The value is the one before. */
  readonly failure: Failure | undefined;
  /** Reads now, or once more after a read that is in progress, for example after an action. */
  readonly refresh: () => void;
}

/**
 * Reads again and again while the page is visible, one request at a time. With another `load`, nothing is known until it has answered:
 * memoize it with `useCallback`.
 * @param everyMs the pause in milliseconds, which may depend on what was read (undefined after a failure): a constant function
 */
export function usePoll<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  everyMs: number | ((value: Value | undefined) => number),
): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'refresh'>>(NOTHING);
  const poll = useRef<Poll>(undefined);
  useEffect(() => {
    setState(NOTHING);
    const started = startPoll({
      load,
      pauseMs: (value) => (typeof everyMs === 'number' ? everyMs : everyMs(value)),
      isPaused: () => document.hidden,
      onValue: (value) => setState({ value, readAt: Date.now(), failure: undefined }),
      onFailure: (error) => setState((before) => ({ ...before, failure: toFailure(error) })),
    });
    poll.current = started;
    document.addEventListener('visibilitychange', started.wake);
    return () => {
      document.removeEventListener('visibilitychange', started.wake);
      started.stop();
    };
  }, [load, everyMs]);
  const refresh = useCallback(() => poll.current?.refresh(), []);
  return { ...state, refresh };
}

const NOTHING = { value: undefined, readAt: undefined, failure: undefined } as const;
