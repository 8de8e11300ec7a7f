import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { searchPending } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { reasonOf } from '../lag/stalls.ts';

/** Maximum duration of a run (ms): short enough to end while a host shuts down. */
const RUN_MS = 4_000;

/**
 * The timers of search: one that builds the indexes of Azure AI Search and indexes what the projections could not, and none without
 * that service. The host runs a timer in one instance at a time; if two instances run it anyway, the ETag of the names lets only one
 * of them continue.
 */
export function maintainSearchTimers({ config, searchIndexers, runtime }: SyncApp): readonly TimerFunction[] {
  if (searchIndexers.length === 0) return [];
  return [
    {
      trigger: 'timer',
      name: 'maintainSearchIndexes',
      options: {
        schedule: config.searchIndexes.schedule,
        handler: async (_timer, context) => {
          for (const { list, maintain, countPending } of searchIndexers) {
            try {
              await maintain(runtime.now() + RUN_MS);
            } catch (error) {
              context.error(`The search index of ${list.name} could not be maintained: ${reasonOf(error)}`);
            } finally {
              searchPending.record(await countPending(), { list: list.name });
            }
          }
        },
      },
    },
  ];
}
