import type { InvocationContext } from '@azure/functions';
import { failedBatchCount } from '../../shared/telemetry/metrics.ts';
import type { SyncApp } from '../app.ts';
import { reasonOf } from './reason-of.ts';

/** Reports batches that fail. Never rejects: a report that fails is only logged. */
export interface Stalls {
  failed(partition: string, error: unknown, context: InvocationContext): Promise<void>;
  succeeded(partition: string, context: InvocationContext): Promise<void>;
}

/**
 * The stalls of one consumer in this process. Every failed batch is logged and counted with its reason, and reported for
 * GET /admin/lag, until a batch of its partition succeeds.
 */
export function stallsOf(
  { writeDatabase, runtime }: Pick<SyncApp, 'writeDatabase' | 'runtime'>,
  consumer: string,
): Stalls {
  const stalledSince = new Map<string, string>();
  return {
    failed: async (partition, error, context) => {
      const reason = reasonOf(error);
      const since = stalledSince.get(partition) ?? new Date(runtime.now()).toISOString();
      stalledSince.set(partition, since);
      failedBatchCount.add(1, { consumer, partition });
      context.error(`A batch of ${consumer} in partition ${partition} failed and will be retried: ${reason}`);
      await writeDatabase()
        .then((database) => database.reportStall({ consumer, partition, since, reason }))
        .catch((fault: unknown) => context.warn(`The stall of ${consumer} could not be reported:`, fault));
    },
    succeeded: async (partition, context) => {
      if (!stalledSince.delete(partition)) return;
      await writeDatabase()
        .then((database) => database.endStall({ consumer, partition }))
        .catch((fault: unknown) => context.warn(`The end of a stall of ${consumer} could not be reported:`, fault));
    },
  };
}
