import { useCallback, useState } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { useConsole } from '../session/session-context.tsx';
import type { Replay } from './replays.ts';

/** How often (ms) the replays are read while one runs, and otherwise. */
const WATCHED_MS = 1_000;
const RESTING_MS = 10_000;

/** The newest replays, which are read often while one of them runs. */
export function useReplays() {
  const { orders } = useConsole();
  const [isRunning, setRunning] = useState(false);
  const load = useCallback(
    async (signal: AbortSignal) => {
      const { items } = (await orders.GET('/admin/replays', { signal })).data;
      setRunning(items.some(isUnfinished));
      return items;
    },
    [orders],
  );
  const polled = usePoll(load, isRunning ? WATCHED_MS : RESTING_MS);
  const replays = polled.value ?? [];
  return {
    ...polled,
    /** The oldest first, which is the one that runs: the others wait for it. */
    running: replays.filter(isUnfinished).toReversed(),
    ended: replays.filter((replay) => !isUnfinished(replay)),
  };
}

const isUnfinished = ({ status }: Replay): boolean => status === 'running';
