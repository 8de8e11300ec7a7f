import type { Runtime } from '../../shared/runtime.ts';
import { indexName } from '../../shared/search/index-definition.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { logLine } from '../../shared/telemetry/log-line.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';
import type { DocumentStore } from '../projector/document-store.ts';
import { buildIndex, type IndexService, type RecordPage } from './build-index.ts';
import { type IndexChanges, indexRecords, recordsIn } from './index-records.ts';
import type { IndexStore } from './index-store.ts';
import { SearchFault } from './search-fault.ts';

/** Keeps the indexes of one list in Azure AI Search. */
export interface SearchIndexer {
  readonly list: SearchList;
  /**
   * Puts the records among the documents of targets into the indexes. When the service does not take them, they are kept and indexed
   * later, so that projections never wait for it. Throws TransientFault.
   */
  update(targets: readonly Target[]): Promise<void>;
  /**
   * Builds the index if there is none of the current definition, and indexes what was kept. Throws TransientFault and SearchFault.
   * @param until time (ms) at which the run ends
   */
  maintain(until: number): Promise<void>;
  countPending(): Promise<number>;
}

export interface IndexerDependencies {
  /** See `indexName`. */
  readonly generation: number;
  readonly store: IndexStore;
  /** The documents of the list's read model. */
  readonly documents: Pick<DocumentStore<unknown>, 'read'>;
  /** A page of the list's records; see `BuildDependencies`. */
  readonly page: (after: string | null) => Promise<RecordPage>;
  readonly service: IndexService;
  /** Throws SearchFault. */
  readonly upload: (indexName: string, changes: IndexChanges) => Promise<void>;
  readonly runtime: Pick<Runtime, 'now' | 'monotonicMs'>;
}

/** How long (ms) projections do not try the service after a fault: an outage must not slow each of their batches down. */
const PAUSE_MS = 10_000;

export function createSearchIndexer(list: SearchList, deps: IndexerDependencies): SearchIndexer {
  const { store, documents, upload, runtime } = deps;
  const currentNames = async () => {
    const { serving, building } = (await store.names()).names;
    return [serving, building].filter((name) => name !== null);
  };
  const index = (records: readonly DocumentKey[], indexNames = currentNames) =>
    indexRecords(records, { list, documents, upload, indexNames });
  let pausedUntil = Number.NEGATIVE_INFINITY;
  return {
    list,
    update: async (targets) => {
      const records = recordsIn(list, targets);
      if (records.length === 0) return;
      if (runtime.monotonicMs() < pausedUntil) return store.addPending(records);
      await index(records).catch((error: unknown) => {
        if (!(error instanceof SearchFault)) throw error;
        pausedUntil = runtime.monotonicMs() + PAUSE_MS;
        reportRetry({ component: 'search', reason: 'postponed', count: records.length });
        console.warn(logLine(`Records of ${list.name} will be indexed later: ${error.message}`, { list: list.name }));
        return store.addPending(records);
      });
    },
    maintain: async (until) => {
      const { page, service, generation } = deps;
      const fill = (records: readonly DocumentKey[], name: string) => index(records, async () => [name]);
      const wanted = indexName(list, generation);
      // Half of the run is left for pending records: a build can take many runs.
      const buildUntil = (runtime.now() + until) / 2;
      await buildIndex({ wanted, store, service, page, index: fill, now: runtime.now }, buildUntil);
      while (runtime.now() < until) {
        const pending = await store.pending();
        if (pending.length === 0) return;
        await index(pending.map(({ record }) => record));
        await store.removePending(pending);
      }
    },
    countPending: store.countPending,
  };
}
