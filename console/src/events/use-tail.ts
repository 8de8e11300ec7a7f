import { useCallback, useEffect, useMemo, useRef } from 'react';
import { throttled } from '../api/throttled.ts';
import { type Polled, usePoll } from '../api/use-poll.ts';
import { useRecentChanges } from '../api/use-recent-changes.ts';
import { useConsole } from '../session/session-context.tsx';
import { ALL_EVENTS, type StoredEvent } from './events.ts';
import { withNewer } from './lists-of-events.ts';
import { readEvents } from './read-events.ts';

/** Customers and products are not pushed: look for them this often (ms). */
const EVERY_MS = 5_000;
/** Changes of orders are pushed. Read once for those that arrive within this time (ms). */
const TOGETHER_MS = 400;
const LIMIT = 30;
const MOST = 200;

/** The newest events of the log, read again when a change is pushed and every five seconds. */
export function useTail(): Polled<readonly StoredEvent[]> {
  const { orders } = useConsole();
  const known = useRef<readonly StoredEvent[]>([]);
  const load = useCallback(
    async (signal: AbortSignal) => {
      const { items } = await readEvents(orders, ALL_EVENTS, { limit: LIMIT, signal });
      known.current = withNewer(known.current, items, MOST);
      return known.current;
    },
    [orders],
  );
  const polled = usePoll(load, EVERY_MS);
  useRefreshOnChange(polled.refresh);
  return polled;
}

function useRefreshOnChange(refresh: () => void): void {
  const { orders } = useConsole();
  const { count } = useRecentChanges(orders);
  const soon = useMemo(() => throttled(refresh, TOGETHER_MS), [refresh]);
  useEffect(() => {
    if (count > 0) soon.call();
  }, [count, soon]);
  useEffect(() => soon.stop, [soon]);
}
