import { indexDefinition } from '../../shared/search/index-definition.ts';
import { type SearchService, TIME_LIMIT } from '../../shared/search/open-search.ts';
import { statusOf } from '../../shared/search/status-of.ts';
import type { IndexService } from './build-index.ts';
import { SearchFault } from './search-fault.ts';

/** The indexes of Azure AI Search. */
export function indexService(search: () => Promise<SearchService>): IndexService {
  const exists = async (name: string) =>
    (await search()).indexes.getIndex(name, TIME_LIMIT).then(
      () => true,
      (error: unknown) => (statusOf(error) === 404 ? false : failed(error)),
    );
  const remove = async (name: string) => {
    await (await search()).indexes.deleteIndex(name, TIME_LIMIT).catch((error: unknown) => {
      if (statusOf(error) !== 404) failed(error);
    });
  };
  return {
    exists,
    create: async (name) => {
      await remove(name);
      await (await search()).indexes.createIndex(indexDefinition(name), TIME_LIMIT).catch(failed);
    },
    delete: remove,
  };
}

function failed(cause: unknown): never {
  throw new SearchFault('The indexes of Azure AI Search cannot be read or changed.', { cause });
}
