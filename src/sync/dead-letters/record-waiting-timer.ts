import type { Container } from '@azure/cosmos';
import type { TimerFunction } from '../../shared/functions/app-function.ts';
import { acrossPartitions } from '../../shared/read-models/across-partitions.ts';
import type { DeadLetter } from '../../shared/read-models/dead-letters.ts';
import { waitingDeadLetters } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { reasonForMetrics } from './dead-letters.ts';
import { deadLetters } from './stored-dead-letters.ts';

/** Maximum dead letters that are counted: reading more once a minute would cost too many request units. */
const MAX_COUNTED = 1_000;

/** The timer that records how many dead letters wait: one request per minute, of about 3 request units while none waits. */
export function recordWaitingTimer(app: SyncApp): TimerFunction {
  const recordWaiting = waitingRecorder(deadLetters(app));
  return {
    trigger: 'timer',
    name: 'recordWaitingDeadLetters',
    options: { schedule: '0 * * * * *', handler: recordWaiting },
  };
}

type Waiting = Pick<DeadLetter, 'readModel' | 'reason'>;

/**
 * Returns a function that counts the waiting dead letters by read model and reason, and records the counts: 0 for what was counted
 * before and waits no longer.
 */
export function waitingRecorder(container: Container): () => Promise<void> {
  const seen = new Map<string, { readonly read_model: string; readonly reason: string }>();
  return async () => {
    const query = {
      query: `SELECT TOP ${MAX_COUNTED} c.readModel, c.reason FROM c WHERE c.status = @status`,
      parameters: [{ name: '@status', value: 'waiting' }],
    };
    const { resources } = await container.items.query<Waiting>(query, acrossPartitions(MAX_COUNTED)).fetchAll();
    const counts = new Map<string, number>();
    for (const { readModel, reason } of resources) {
      const series = { read_model: readModel, reason: reasonForMetrics(reason) };
      const key = JSON.stringify(series);
      seen.set(key, series);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const [key, { read_model, reason }] of seen) {
      waitingDeadLetters.record(counts.get(key) ?? 0, { read_model, reason });
    }
  };
}
