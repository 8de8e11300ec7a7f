import { invalidToken, listId } from '../../shared/http/continuation-token.ts';
import { Problem, unavailable } from '../../shared/http/problem.ts';
import { type Listed, type PageOf, sortKeyOf, toToken } from '../../shared/read-models/paging.ts';
import type { SearchDocuments, SearchService } from '../../shared/search/open-search.ts';
import { timeOf } from '../../shared/search/search-document.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { statusOf } from '../../shared/search/status-of.ts';
import { recordsAfter } from './records-after.ts';
import { type SearchCondition, searchPart } from './search-conditions.ts';
import { type SearchPage, type SearchSource, withoutSearch } from './search-source.ts';
import type { ServingIndex } from './serving-index.ts';
import { similarRecords } from './similar-records.ts';

interface AiSearchDependencies {
  readonly search: () => Promise<SearchService>;
  readonly serving: ServingIndex;
  /** Answers while no index is complete. */
  readonly cosmos: SearchSource;
}

type Conditions = readonly (SearchCondition | undefined)[];

/** The lists in Azure AI Search. */
export function aiSearch({ search, serving, cosmos }: AiSearchDependencies): SearchSource {
  /** Undefined when the list has no complete index. */
  const inIndex = async <Result>(
    list: SearchList,
    work: (documents: SearchDocuments) => Promise<Result>,
  ): Promise<Result | undefined> => {
    const name = await serving.nameOf(list);
    if (name === null) return undefined;
    try {
      return await work((await search()).documents(name));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      serving.forget(list);
      return undefined;
    }
  };
  return {
    readPage: async <Document extends Listed>(list: SearchList, conditions: Conditions, page: SearchPage) => {
      const read = (documents: SearchDocuments) => pageIn<Document>(documents, list, conditions, page);
      const found = await inIndex(list, read).catch(notNow);
      return found ?? cosmos.readPage<Document>(list, conditions, page);
    },
    similar: async (list, conditions, wanted) => {
      const filter = filterOf(conditions);
      const found = await inIndex(list, (documents) => similarRecords(documents, filter, wanted)).catch(notNow);
      if (found !== undefined) return { ...found, documents: found.documents.map((document) => JSON.parse(document)) };
      throw new Problem('unavailable', 'The search index is being built: try again.', { retryAfter: 15 });
    },
  };
}

function notNow(error: unknown): never {
  if (error instanceof Problem) throw error;
  return unavailable('The search is not available at the moment: try again.')(error);
}

async function pageIn<Document>(
  documents: SearchDocuments,
  list: SearchList,
  conditions: Conditions,
  { limit, continuationToken: token }: SearchPage,
): Promise<PageOf<Document>> {
  const id = listId([list.container.name, undefined, conditions.map(withoutSearch)]);
  const after = token === undefined ? undefined : sortKeyOf(token, id);
  if (after !== undefined && Number.isNaN(timeOf(after))) throw invalidToken();
  if (conditions.some((condition) => condition?.search === 'nothing')) {
    return { documents: [], continuationToken: undefined };
  }
  // One record more than the page shows whether there is another page.
  const query = conditions.flatMap((condition) => searchPart(condition, 'lucene') ?? []).join(' AND ');
  const found = await recordsAfter(documents, { query, filter: filterOf(conditions) }, { after, count: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1)?.sortKey;
  return {
    documents: page.map(({ document }) => JSON.parse(document)),
    continuationToken: found.length > limit && last !== undefined ? toToken(id, last) : undefined,
  };
}

const filterOf = (conditions: Conditions): string | undefined =>
  conditions.flatMap((condition) => searchPart(condition, 'filter') ?? []).join(' and ') || undefined;
