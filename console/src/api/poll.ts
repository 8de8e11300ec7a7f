/** Something that is read again and again. */
export interface Poll {
  /** Reads now, or once more after a read that is in progress. */
  readonly refresh: () => void;
  /** Reads now, unless a read is in progress. */
  readonly wake: () => void;
  /** Ends it: nothing is called any more. */
  readonly stop: () => void;
}

export interface PollOptions<Value> {
  /** Rejections are passed on to `onFailure`. */
  readonly load: (signal: AbortSignal) => Promise<Value>;
  /** The pause in milliseconds after a read (undefined: it failed). */
  readonly pauseMs: (value: Value | undefined) => number;
  /** Nothing is read while this is true. Call `wake` when it ends. */
  readonly isPaused: () => boolean;
  readonly onValue: (value: Value) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Reads at once, and again after each pause: one read at a time. */
export function startPoll<Value>({ load, pauseMs, isPaused, onValue, onFailure }: PollOptions<Value>): Poll {
  const abort = new AbortController();
  const { signal } = abort;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let again = false;
  const read = async () => {
    try {
      const value = await load(signal);
      if (!signal.aborted) onValue(value);
      return value;
    } catch (error) {
      if (!signal.aborted) onFailure(error);
      return undefined;
    }
  };
  const wake = async () => {
    if (reading || signal.aborted) return;
    clearTimeout(timer);
    if (isPaused()) return;
    reading = true;
    again = false;
    const value = await read();
    reading = false;
    if (!signal.aborted) timer = setTimeout(wake, again ? 0 : pauseMs(value));
  };
  const refresh = () => {
    again = true;
    void wake();
  };
  const stop = () => {
    clearTimeout(timer);
    abort.abort();
  };
  void wake();
  return { refresh, wake: () => void wake(), stop };
}
