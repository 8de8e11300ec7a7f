import { z } from 'zod';
import type { Clock } from '../src/shared/runtime.ts';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';
import { occasionally } from './occasionally.ts';

/** Where it can be seen what the read models have. */
export interface Sources {
  /** The write store's file. */
  readonly writeStore: string;
  readonly apiUrl: string;
  readonly adminToken: string;
}

/** Milliseconds between two polls. */
const POLL_EVERY_MS = 250;
/** Milliseconds without progress after which the start continues without waiting for the rest. */
const LONGEST_STANDSTILL_MS = 120_000;

const lags = z.object({ items: z.array(z.object({ readModel: z.string(), behind: z.number() })) });

/**
 * Waits until every event of the write store is in every read model, and prints the progress. There is no time limit as long as they make
 * progress; after two minutes without progress, it prints a message and returns.
 * Throws when the functions no longer answer.
 */
export async function awaitReadModels(
  sources: Sources,
  say: (line: string) => void,
  clock: Pick<Clock, 'monotonicMs' | 'delay'> = systemRuntime,
): Promise<void> {
  const { database } = await openDatabase(sources.writeStore, systemRuntime);
  const events = database.prepare('SELECT count(*) AS total, count(PublishedAt) AS published FROM EventLog');
  const sayOccasionally = occasionally(say, clock.monotonicMs);
  let most = { done: 0, at: clock.monotonicMs() };
  try {
    for (; ; await clock.delay(POLL_EVERY_MS)) {
      // The outbox first: what it has sent since is seen at the next poll
      const { total, published } = counts.parse(events.get());
      const behind = await mostBehind(sources);
      if (published === total && behind === 0) return;
      const done = Math.max(0, published - (behind ?? published));
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

/** Events of the hub that the slowest read model does not have; undefined while that is unknown. */
async function mostBehind({ apiUrl, adminToken }: Sources): Promise<number | undefined> {
  const response = await fetch(`${apiUrl}/admin/lag`, { headers: { authorization: `Bearer ${adminToken}` } }).catch(
    (cause: unknown) => {
      throw new Error('The functions no longer answer.', { cause });
    },
  );
  if (!response.ok) return undefined;
  const { items } = lags.parse(await response.json());
  const byReadModel = [...Map.groupBy(items, ({ readModel }) => readModel).values()];
  return Math.max(...byReadModel.map((partitions) => partitions.reduce((sum, { behind }) => sum + behind, 0)));
}
