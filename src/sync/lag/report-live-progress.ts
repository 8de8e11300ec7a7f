import type { InvocationContext } from '@azure/functions';
import { SALES_LIVE } from '../../shared/read-models/containers.ts';
import { type LiveProgress, PROGRESS_ID } from '../../shared/read-models/sales-live.ts';
import type { SyncApp } from '../app.ts';
import type { PartitionLag } from './lag.ts';

/**
 * Stores up to when `sales_live` is complete, beside its windows, so that one request reads both. Never rejects: without a report, the
 * last one stays, and it stays true.
 */
export async function reportLiveProgress(
  { database }: Pick<SyncApp, 'database'>,
  lags: readonly PartitionLag[],
  context: InvocationContext,
): Promise<void> {
  const upTo = completeUpTo(lags.filter(({ readModel }) => readModel === SALES_LIVE.readModel));
  if (upTo === undefined) return;
  const progress: LiveProgress = {
    id: PROGRESS_ID,
    bucket: PROGRESS_ID,
    completeUpTo: new Date(upTo).toISOString(),
  };
  try {
    await database.container(SALES_LIVE.name).items.upsert(progress);
  } catch (error) {
    context.warn('The progress of sales_live could not be stored:', error);
  }
}

/**
 * The watermark (milliseconds since 1970) of a read model: it has projected every event that the hub received before. The partition
 * that is furthest behind decides. Undefined when a partition's oldest unprojected event could not be read.
 */
export function completeUpTo(partitions: readonly Pick<PartitionLag, 'completeUpTo'>[]): number | undefined {
  const times = partitions.flatMap((partition) => partition.completeUpTo ?? []);
  return times.length === partitions.length && times.length > 0 ? Math.min(...times) : undefined;
}
