import { useCallback } from 'react';
import { usePoll } from '../api/use-poll.ts';
import { useConsole } from '../session/session-context.tsx';
import type { Replay } from './replays.ts';

/** How often (ms) the replays are read while one runs, and otherwise. */
const WATCHED_MS = 1_000;
const RESTING_MS = 10_000;

/** The newest replays, which are read often while one of them runs. */
export function useReplays() {
  const { orders } = useConsole();
  const load = useCallback(
    async (signal: AbortSignal) => (await orders.GET('/admin/replays', { signal })).data.items,
    [orders],
  );
  const polled = usePoll(load, pauseAfter);
  const replays = polled.value ?? [];
  return {
    ...polled,
    /** The oldest first, which is the one that runs: the others wait for it. */
    running: replays.filter(isUnfinished).toReversed(),
    ended: replays.filter((replay) => !isUnfinished(replay)),
  };
}

const pauseAfter = (replays: readonly Replay[] = []): number => (replays.some(isUnfinished) ? WATCHED_MS : RESTING_MS);

const isUnfinished = ({ status }: Replay): boolean => status === 'running';
