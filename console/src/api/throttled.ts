/** Calls an action at most once per `ms`, for any number of calls. */
export interface Throttled {
  readonly call: () => void;
  readonly stop: () => void;
}

/** The action runs `ms` after the first of the calls that it is for. Later calls do not postpone it. */
export function throttled(action: () => void, ms: number): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    timer = undefined;
    action();
  };
  return {
    call: () => {
      timer ??= setTimeout(run, ms);
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
