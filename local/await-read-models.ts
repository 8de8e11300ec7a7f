import { z } from 'zod';
import type { Clock } from '../src/shared/runtime.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import { occasionally } from './occasionally.ts';

/** Where it can be seen what the read models have. */
export interface Sources {
  /** The write store's file. */
  readonly writeStore: string;
  /** Returns how many events of the hub the slowest read model does not have. */
  readonly mostBehind: () => Promise<number>;
}

/** Milliseconds between two polls. */
const POLL_EVERY_MS = 100;
/** Milliseconds without progress after which the start continues without waiting for the rest. */
const LONGEST_STANDSTILL_MS = 120_000;

/**
 * Waits until every event of the write store is in every read model, and prints the progress. There is no time limit as long as they make
 * progress; after two minutes without progress, it prints a message and returns.
 * @throws the reason of `stopping` when it aborts
 */
export async function awaitReadModels(
  sources: Sources,
  say: (line: string) => void,
  stopping: AbortSignal,
  clock: Pick<Clock, 'monotonicMs' | 'delay'> = systemRuntime,
): Promise<void> {
  const { database } = await openDatabase(sources.writeStore, systemRuntime);
  const events = database.prepare('SELECT count(*) AS total, count(PublishedAt) AS published FROM EventLog');
  const sayOccasionally = occasionally(say, clock.monotonicMs);
  let most = { done: 0, at: clock.monotonicMs() };
  try {
    for (; ; await clock.delay(POLL_EVERY_MS, stopping)) {
      stopping.throwIfAborted();
      // The outbox first: what it has sent since is seen at the next poll
      const { total, published } = counts.parse(events.get());
      const behind = await sources.mostBehind();
      if (published === total && behind === 0) return;
      const done = Math.max(0, published - behind);
      if (done > most.done) most = { done, at: clock.monotonicMs() };
      const progress = `The read models have ${most.done} of ${total} events`;
      if (clock.monotonicMs() - most.at > LONGEST_STANDSTILL_MS) {
        say(`${progress}; the rest follows. GET /api/admin/lag shows how far they are.`);
        return;
      }
      sayOccasionally(`${progress}.`);
    }
  } finally {
    database.close();
  }
}

const counts = z.object({ total: z.number(), published: z.number() });
