import type { Runtime } from '../../shared/runtime.ts';
import { indexName } from '../../shared/search/index-definition.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { logLine } from '../../shared/telemetry/log-line.ts';
import { reportRetry } from '../../shared/telemetry/report-retry.ts';
import { reasonOf } from '../lag/reason-of.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';
import type { DocumentStore } from '../projector/document-store.ts';
import { buildIndex, type IndexService, type RecordPage } from './build-index.ts';
import { indexPending, type PendingDependencies } from './index-pending.ts';
import { indexRecords, recordsIn, type Upload } from './index-records.ts';
import type { IndexStore } from './index-store.ts';
import { refusalOf, SearchFault } from './search-fault.ts';

/** Keeps the indexes of one list in Azure AI Search. */
export interface SearchIndexer {
  readonly list: SearchList;
  /**
   * Puts the records among the documents of targets into the indexes. Those that an index does not take are kept and indexed later, so
   * that projections never wait for the service. Throws TransientFault.
   */
  update(targets: readonly Target[]): Promise<void>;
  /**
   * Indexes what was kept, and builds the index if there is none of the current definition. An index that fails keeps no other index
   * waiting. Throws TransientFault, and SearchFault with the failures of all indexes.
   * @param until time (ms) at which the run ends
   */
  maintain(until: number): Promise<void>;
  /** Counts what was kept. A record that two indexes lack counts twice. */
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
  readonly upload: Upload;
  readonly runtime: Pick<Runtime, 'now' | 'monotonicMs'>;
}

/** How long (ms) projections do not try an index after a fault: an outage must not slow each of their batches down. */
const PAUSE_MS = 10_000;

export function createSearchIndexer(list: SearchList, deps: IndexerDependencies): SearchIndexer {
  const { store, page, service, runtime, generation } = deps;
  const { now } = runtime;
  const index = (records: readonly DocumentKey[], name: string) => indexRecords(records, name, { list, ...deps });
  /** The indexes that get every change. Read after the documents were written. */
  const currentNames = async () => {
    const { serving, building } = (await store.names()).names;
    return [serving, building].filter((name) => name !== null);
  };
  const updateIndex = indexUpdater(list, deps, index);
  return {
    list,
    update: async (targets) => {
      const records = recordsIn(list, targets);
      if (records.length === 0) return;
      for (const name of await currentNames()) await updateIndex(records, name);
    },
    maintain: async (until) => {
      const faults: string[] = [];
      const attempt = async (failure: string, work: Promise<void>) => {
        await work.catch((error: unknown) => {
          if (!(error instanceof SearchFault)) throw error;
          faults.push(`${failure}: ${reasonOf(error)}`);
        });
      };
      for (const name of await currentNames()) {
        // Half of the time that is left is for the next index, and for a build, which can take many runs.
        const pending = indexPending(name, (now() + until) / 2, { store, index, now });
        await attempt(`${name} lacks changes`, pending);
      }
      const wanted = indexName(list, generation);
      await attempt(`${wanted} cannot be built`, buildIndex({ wanted, store, service, page, index, now }, until));
      if (faults.length > 0) throw new SearchFault(faults.join(' '));
    },
    countPending: async () => {
      const counts = await Promise.all((await currentNames()).map(store.countPending));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

/**
 * Returns a function that puts records into an index, or keeps those that it does not take. Each index has a pause of its own, so that
 * changes of the one that answers queries never wait for one that is being filled.
 */
function indexUpdater(
  list: SearchList,
  { store, runtime }: IndexerDependencies,
  index: PendingDependencies['index'],
): (records: readonly DocumentKey[], indexName: string) => Promise<void> {
  const pausedUntil = new Map<string, number>();
  const postpone = (records: readonly DocumentKey[], name: string, { message }: SearchFault) => {
    reportRetry({ component: 'search', reason: 'postponed', count: records.length });
    console.warn(
      logLine(`Records of ${list.name} will be indexed later: ${message}`, { list: list.name, index: name }),
    );
    return store.addPending(records, name);
  };
  return async (records, name) => {
    if (runtime.monotonicMs() < (pausedUntil.get(name) ?? 0)) return store.addPending(records, name);
    try {
      const refused = await index(records, name);
      if (refused.size > 0) await postpone([...refused.keys()], name, refusalOf(refused));
    } catch (error) {
      if (!(error instanceof SearchFault)) throw error;
      pausedUntil.set(name, runtime.monotonicMs() + PAUSE_MS);
      await postpone(records, name, error);
    }
  };
}
