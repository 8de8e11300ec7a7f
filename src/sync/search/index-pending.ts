import type { DocumentKey } from '../projections/projection.ts';
import type { IndexStore } from './index-store.ts';
import { refusalOf } from './search-fault.ts';

export interface PendingDependencies {
  readonly store: Pick<IndexStore, 'pending' | 'removePending'>;
  /** Puts the current state of records into an index. Returns those that it refuses. Throws TransientFault and SearchFault. */
  readonly index: (records: readonly DocumentKey[], indexName: string) => Promise<ReadonlyMap<DocumentKey, number>>;
  readonly now: () => number;
}

/**
 * Puts the pending records of an index into it. Records that it refuses stay pending, and keep no other record out.
 * Throws TransientFault, and SearchFault when the service takes no records or has refused some.
 * @param until time (ms) at which the run ends
 */
export async function indexPending(
  indexName: string,
  until: number,
  { store, index, now }: PendingDependencies,
): Promise<void> {
  const allRefused = new Map<DocumentKey, number>();
  for (let after = ''; now() < until; ) {
    const pending = await store.pending(indexName, after);
    const last = pending.at(-1);
    if (last === undefined) break;
    const records = pending.map(({ record }) => record);
    const refused = await index(records, indexName);
    await store.removePending(pending.filter(({ record }) => !refused.has(record)));
    for (const [record, status] of refused) allRefused.set(record, status);
    after = last.id;
  }
  if (allRefused.size > 0) throw refusalOf(allRefused);
}
