import { app } from '@azure/functions';
import { readModelFreshness } from '../shared/telemetry/metrics.ts';
import { currentLag } from './current-lag.ts';

/** Twice a minute, so that an alert on 30 s has something to look at. */
app.timer('recordLag', {
  schedule: '*/30 * * * * *',
  handler: async () => {
    for (const { readModel, partition, lagMs } of await currentLag()) {
      readModelFreshness.record(lagMs, { read_model: readModel, partition });
    }
  },
});
