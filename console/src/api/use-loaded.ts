import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, isAborted, toFailure } from './commands.ts';

/** Something that is read from the API. The last value stays while it is read again, and when that fails. */
export interface Loaded<Value> {
  readonly value: Value | undefined;
  /** When the value was read, in milliseconds since 1970. */
  readonly readAt: number | undefined;
  readonly failure: Failure | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/**
 * Reads something when the page is shown, and again whenever `load` changes: memoize it with `useCallback`. `keep` says that the
 * value of another `load` can be shown until the next one is there.
 */
export function useLoaded<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  { keep = true }: { readonly keep?: boolean } = {},
): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>(NOTHING);
  const [turn, setTurn] = useState(0);
  const loadBefore = useRef(load);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn reads again
  useEffect(() => {
    const abort = new AbortController();
    const keeps = keep || loadBefore.current === load;
    loadBefore.current = load;
    setState((before) => ({ ...(keeps ? before : NOTHING), loading: true }));
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ value, readAt: Date.now(), failure: undefined, loading: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted || isAborted(error)) return;
        setState((before) => ({ ...before, failure: toFailure(error), loading: false }));
      },
    );
    return () => abort.abort();
  }, [load, keep, turn]);
  const reload = useCallback(() => setTurn((count) => count + 1), []);
  return { ...state, reload };
}

const NOTHING = { value: undefined, readAt: undefined, failure: undefined, loading: true } as const;
