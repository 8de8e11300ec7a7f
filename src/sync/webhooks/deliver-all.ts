import type { Clock } from '../../shared/runtime.ts';

/** Time (ms) after which a run starts no more attempts, so that it ends while a host shuts down. */
const RUN_MS = 20_000;
/** Time (ms) between two polls of a queue in which nothing is due, while others are still busy. */
const POLL_MS = 500;

/** Does what is due for one subscription. Returns false when nothing was. Asks `mayStart` before each step. */
export type Pass<Item> = (item: Item, mayStart: () => boolean) => Promise<boolean>;

/**
 * Runs passes for all items at the same time until nothing is due for any, or the run's time is over. A slow partner does not delay
 * the others: while its last attempts finish, the passes for the others continue. Never rejects unless `pass` does.
 */
export async function deliverAll<Item>(
  items: readonly Item[],
  pass: Pass<Item>,
  { monotonicMs, delay }: Pick<Clock, 'monotonicMs' | 'delay'>,
): Promise<void> {
  const until = monotonicMs() + RUN_MS;
  const isOver = () => monotonicMs() >= until;
  /** Passes that started in time and are still running. */
  let busy = 0;
  const passInTime = async (item: Item) => {
    busy++;
    try {
      return await pass(item, () => !isOver());
    } finally {
      busy--;
    }
  };
  const passMeanwhile = (item: Item) => pass(item, () => busy > 0);
  /** Returns false when nothing was due while no other was busy. */
  const passOnce = async (item: Item): Promise<boolean> => {
    const moved = await (isOver() ? passMeanwhile(item) : passInTime(item));
    if (moved || busy === 0) return moved;
    await delay(POLL_MS);
    return true;
  };
  const work = async (item: Item) => {
    let goesOn = true;
    while (goesOn && (!isOver() || busy > 0)) goesOn = await passOnce(item);
  };
  await Promise.all(items.map(work));
}
