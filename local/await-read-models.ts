import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { systemRuntime } from '../src/shared/system-runtime.ts';
import { openDatabase } from '../src/shared/write-database/sqlite/database.ts';

/** Where it can be seen what the read models have. */
export interface Sources {
  /** The write store's file. */
  readonly writeStore: string;
  readonly apiUrl: string;
  readonly adminToken: string;
}

/** Milliseconds between two looks, between two lines of progress, and until the start goes on without the rest. */
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 2_000;
const LONGEST_WAIT_MS = 120_000;

const lags = z.object({ items: z.array(z.object({ readModel: z.string(), behind: z.number() })) });

/**
 * Waits until every event of the write store is in every read model, two minutes at most, and tells how far it is.
 * Throws when the functions no longer answer.
 */
export async function awaitReadModels(sources: Sources, say: (line: string) => void): Promise<void> {
  const startedAt = Date.now();
  const { database } = await openDatabase(sources.writeStore, systemRuntime);
  const events = database.prepare('SELECT count(*) AS total, count(PublishedAt) AS published FROM Events');
  try {
    for (let saidAt = startedAt; ; await delay(LOOK_EVERY_MS)) {
      // The outbox first: what it has sent since is seen at the next look
      const { total, published } = counts.parse(events.get());
      const behind = await mostBehind(sources);
      if (published === total && behind === 0) return;
      const now = Date.now();
      const progress = `${Math.max(0, published - (behind ?? published))} of ${total} events`;
      if (now - startedAt > LONGEST_WAIT_MS) {
        say(`The read models have ${progress}; the rest follows. GET /api/admin/lag shows how far they are.`);
        return;
      }
      if (now - saidAt < SAY_EVERY_MS) continue;
      say(`The read models have ${progress}.`);
      saidAt = now;
    }
  } finally {
    database.close();
  }
}

const counts = z.object({ total: z.number(), published: z.number() });

/** Events of the hub that the slowest read model does not have; undefined when that cannot be told at the moment. */
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
