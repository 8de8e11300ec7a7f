import type { CommandsConfig } from '../../shared/config.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { EventArchive } from '../write-store/event-archive.ts';

/** Maximum events and characters per batch. A batch is one round trip and one short transaction. */
const BATCH = { limit: 500, maxCharacters: 4_000_000 };
/** Time (ms) after which a run stops; the next one continues. */
export const MAX_RUN_MS = 50_000;

type ArchiveRuntime = Pick<Runtime, 'now' | 'monotonicMs'>;

/** What the timer needs of the app. */
interface ArchivingApp {
  readonly config: Pick<CommandsConfig, 'eventArchive'>;
  readonly runtime: ArchiveRuntime;
  services(): Promise<{ readonly store: EventArchive }>;
}

/** Timer that moves old events to the archive and deletes the records of their commands. */
export function archiveEventsTimer({ config, services, runtime }: ArchivingApp): TimerFunction {
  const { schedule, archiveAfterMs } = config.eventArchive;
  return {
    trigger: 'timer',
    name: 'archiveEvents',
    options: {
      schedule,
      handler: async (_timer, context) => {
        if (archiveAfterMs === 0) return;
        const { store } = await services();
        const archived = await archiveEvents(store, archiveAfterMs, runtime);
        if (archived > 0) context.info(`Moved ${archived} events to the archive.`);
      },
    },
  };
}

/**
 * Moves the events that were recorded more than `archiveAfterMs` ago to the archive, batch by batch, the oldest first, until none is due or
 * the time of the run is over. Safe to run concurrently. Returns the number of events that this run has moved. Throws when the store is
 * unavailable: finished batches stay archived, and the next run continues.
 */
export async function archiveEvents(
  store: EventArchive,
  archiveAfterMs: number,
  runtime: ArchiveRuntime,
  batch: typeof BATCH = BATCH,
): Promise<number> {
  const stopAt = runtime.monotonicMs() + MAX_RUN_MS;
  const recordedBefore = new Date(runtime.now() - archiveAfterMs).toISOString();
  let archived = 0;
  do {
    const moved = await store.archiveEvents({ recordedBefore, ...batch });
    if (moved === 0) break;
    archived += moved;
  } while (runtime.monotonicMs() < stopAt);
  return archived;
}
