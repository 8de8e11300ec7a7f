import type { Database } from '@azure/cosmos';
import type { Runtime } from '../../shared/runtime.ts';
import type { SearchService } from '../../shared/search/open-search.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { cosmosDocumentStore } from '../projector/cosmos-document-store.ts';
import { indexService } from './index-service.ts';
import { cosmosIndexStore } from './index-store.ts';
import { recordPage } from './record-page.ts';
import { createSearchIndexer, type SearchIndexer } from './search-indexer.ts';
import { uploadChanges } from './upload.ts';

interface OpenIndexer {
  /** The read database. */
  readonly database: Database;
  readonly search: () => Promise<SearchService>;
  /** See `indexName`. */
  readonly generation: number;
  readonly runtime: Pick<Runtime, 'now' | 'monotonicMs' | 'timer' | 'delay' | 'random'>;
}

/** Opens the indexer of a list. Nothing is sent until the first use. */
export function openSearchIndexer(
  list: SearchList,
  { database, search, generation, runtime }: OpenIndexer,
): SearchIndexer {
  const container = database.container(list.container.name);
  return createSearchIndexer(list, {
    generation,
    store: cosmosIndexStore(database, list, runtime),
    documents: cosmosDocumentStore<unknown>(container, list.container, runtime),
    page: recordPage(container, list),
    service: indexService(search),
    upload: async (name, changes) => uploadChanges((await search()).documents(name), changes, runtime),
    runtime,
  });
}
