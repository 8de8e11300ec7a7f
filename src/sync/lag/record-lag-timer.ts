import { READ_MODELS } from '../../shared/event-hubs/hub.ts';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { readModelFreshness } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import type { PartitionLag } from './lag.ts';
import { isLive } from './live-events.ts';
import { reportLag } from './report-lag.ts';
import { reportLiveProgress } from './report-live-progress.ts';

/** The timer that records the lag of each read model: twice a minute, so that an alert with a 30 s threshold has data. */
export function recordLagTimer(app: SyncApp): TimerFunction {
  const processStartedAt = app.runtime.now();
  return {
    trigger: 'timer',
    name: 'recordLag',
    options: {
      schedule: '*/30 * * * * *',
      handler: async (_timer, context) => {
        const lags = await app.readLag();
        for (const { readModel, partition, lagMs } of lags) {
          readModelFreshness.record(lagMs, { read_model: readModel, partition });
        }
        for (const [readModel, partitions] of Map.groupBy(lags, (lag) => lag.readModel)) {
          if (!READ_MODELS.includes(readModel)) continue; // the answers to commands are about read models
          const lagMs = Math.max(...partitions.map((partition) => liveLag(partition, processStartedAt)));
          await reportLag(app, { readModel, measure: 'waiting', lagMs }, context);
        }
        await reportLiveProgress(app, lags, context);
      },
    },
  };
}

/** The lag (ms) that a new event can expect: rebuilds and events from before the start do not count. */
export function liveLag({ lagMs, oldest }: Pick<PartitionLag, 'lagMs' | 'oldest'>, startedAt: number): number {
  return oldest !== undefined && isLive(oldest, startedAt) ? lagMs : 0;
}
