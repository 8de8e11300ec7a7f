import type { Database } from '@azure/cosmos';
import type { SearchConnection } from '../../shared/config/search.ts';
import type { Clock } from '../../shared/runtime.ts';
import { searchOpener } from '../../shared/search/open-search.ts';
import { aiSearch } from './ai-search.ts';
import { cosmosSearch, type SearchSource } from './search-source.ts';
import { servingIndex } from './serving-index.ts';

/** The source that the settings name: Azure AI Search, or else the read database. */
export function openSearchSource(
  connection: SearchConnection | undefined,
  database: Database,
  clock: Pick<Clock, 'monotonicMs'>,
): SearchSource {
  const cosmos = cosmosSearch(database);
  if (connection === undefined) return cosmos;
  return aiSearch({ search: searchOpener(connection), serving: servingIndex(database, clock), cosmos });
}
