import { app } from '@azure/functions';
import { readModelFreshness } from '../../shared/telemetry/metrics.ts';
import { currentLag } from './current-lag.ts';
import { tellCommands } from './report-lag.ts';

/** Twice a minute, so that an alert on 30 s has something to look at. */
app.timer('recordLag', {
  schedule: '*/30 * * * * *',
  handler: async (_timer, context) => {
    const lags = await currentLag();
    for (const { readModel, partition, lagMs } of lags) {
      readModelFreshness.record(lagMs, { read_model: readModel, partition });
    }
    for (const [readModel, partitions] of Map.groupBy(lags, (lag) => lag.readModel)) {
      const lagMs = Math.max(...partitions.map((partition) => partition.lagMs));
      await tellCommands({ readModel, measure: 'waiting', lagMs }, context);
    }
  },
});
