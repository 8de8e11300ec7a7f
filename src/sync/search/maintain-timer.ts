import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { searchPending } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { reasonOf } from '../lag/reason-of.ts';

/** Maximum duration (ms) of a run for one list: short enough to end while a host shuts down. */
const RUN_MS = 10_000;

/** The parts of the app that the timer uses. */
type MaintainedApp = Pick<SyncApp, 'searchIndexers' | 'runtime'> & {
  readonly config: Pick<SyncApp['config'], 'searchIndexes'>;
};

/**
 * The timers of search: one that builds the indexes of Azure AI Search and indexes what the projections could not, and none without
 * that service. The host runs a timer in one instance at a time; if two instances run it anyway, the ETag of the names lets only one
 * of them continue.
 */
export function maintainSearchTimers({ config, searchIndexers, runtime }: MaintainedApp): readonly TimerFunction[] {
  if (searchIndexers.length === 0) return [];
  return [
    {
      trigger: 'timer',
      name: 'maintainSearchIndexes',
      options: {
        schedule: config.searchIndexes.schedule,
        handler: async (_timer, context) => {
          for (const { list, maintain, countPending } of searchIndexers) {
            const failed = await maintain(runtime.now() + RUN_MS).then(
              () => 0,
              (error: unknown) => {
                context.error(`The search index of ${list.name} could not be maintained: ${reasonOf(error)}`);
                return 1;
              },
            );
            // An index that cannot be built may have no pending records, but needs somebody to look at it.
            searchPending.record(Math.max(failed, await countPending()), { list: list.name });
          }
        },
      },
    },
  ];
}
