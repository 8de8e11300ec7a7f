import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { readModelFreshness } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { reportLag } from './report-lag.ts';

/** The timer that records how far each read model is behind: twice a minute, so that an alert on 30 s has data. */
export function recordLagTimer(app: SyncApp): TimerFunction {
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
          const lagMs = Math.max(...partitions.map((partition) => partition.lagMs));
          await reportLag(app, { readModel, measure: 'waiting', lagMs }, context);
        }
      },
    },
  };
}
