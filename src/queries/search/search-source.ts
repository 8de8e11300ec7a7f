import type { Database } from '@azure/cosmos';
import { type Listed, type Page, type PageOf, readPage } from '../../shared/read-models/paging.ts';
import type { WordsField } from '../../shared/search/search-document.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import type { SearchCondition } from './search-conditions.ts';

/** A page of a list that can be searched. */
export type SearchPage = Omit<Page, 'sortBy'>;

/** What records should be similar to. */
export interface SimilarText {
  readonly text: string;
  /** The property with the words to compare with. */
  readonly words: WordsField;
  readonly limit: number;
}

export interface SimilarRecords<Document> {
  /** The most similar record first. */
  readonly documents: readonly Document[];
  /** Completions of the text. */
  readonly suggestions: readonly string[];
}

/** Where the lists of orders, products and customers are searched. Methods throw Problem `unavailable`. */
export interface SearchSource {
  /**
   * Reads one page of the records that meet all conditions, newest first, as `readPage` does for other lists. Both sources give the
   * same answers, and one continues with the other's tokens.
   */
  readPage<Document extends Listed>(
    list: SearchList,
    conditions: readonly (SearchCondition | undefined)[],
    page: SearchPage,
  ): Promise<PageOf<Document>>;
  /** Finds the records that meet all conditions and are similar to a text, despite typing errors. Absent where Cosmos DB is searched. */
  readonly similar?: <Document>(
    list: SearchList,
    conditions: readonly (SearchCondition | undefined)[],
    wanted: SimilarText,
  ) => Promise<SimilarRecords<Document>>;
}

/** The lists in the read database. */
export function cosmosSearch(database: Database): SearchSource {
  return {
    readPage: <Document extends Listed>(
      { container, sortBy }: SearchList,
      conditions: readonly (SearchCondition | undefined)[],
      page: SearchPage,
    ) => readPage<Document>(database.container(container.name), conditions.map(withoutSearch), { ...page, sortBy }),
  };
}

/** A condition of the read database. Both sources identify a list by them, so that the tokens of one are valid in the other. */
export const withoutSearch = (condition: SearchCondition | undefined) =>
  condition && { sql: condition.sql, parameters: condition.parameters };
