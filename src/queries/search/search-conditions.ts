import type { Condition } from '../../shared/read-models/paging.ts';
import { queryPrefixes, searchWords } from '../../shared/read-models/search-words.ts';
import type { WordsField } from '../../shared/search/search-document.ts';
import { MAX_WORDS } from '../reading/word-search.ts';

/** A filter of a list that can be searched: for Cosmos DB, and the same for Azure AI Search. */
export interface SearchCondition extends Condition {
  /**
   * Part of a filter (https://learn.microsoft.com/azure/search/query-odata-filter-orderby-syntax), or of a query in the full Lucene
   * syntax (https://learn.microsoft.com/azure/search/query-lucene-syntax). `nothing` matches no record.
   */
  readonly search: { readonly filter?: string; readonly lucene?: string } | 'nothing';
}

/** A part of what a condition is in Azure AI Search. */
export const searchPart = (condition: SearchCondition | undefined, part: 'filter' | 'lucene'): string | undefined =>
  condition === undefined || condition.search === 'nothing' ? undefined : condition.search[part];

/**
 * The conditions for a match: none when there is no text, and one that is always false when the text has no words. Both services
 * compare the same words, which consist of letters, marks and digits, so nothing needs to be escaped.
 * @param words the property with the document's words
 */
export function wordsMatch(text: string, words: WordsField): readonly SearchCondition[] {
  if (text === '') return [];
  const prefixes = queryPrefixes(searchWords(text), MAX_WORDS);
  if (prefixes.length === 0) return [{ sql: 'false', parameters: {}, search: 'nothing' }];
  return prefixes.map((prefix, index) => {
    const parameter = `@prefix${index}` as const;
    return {
      sql: `EXISTS(SELECT VALUE w FROM w IN c.${words} WHERE STARTSWITH(w, ${parameter}))`,
      parameters: { [parameter]: prefix },
      search: { lucene: `${words}:${prefix}*` },
    };
  });
}
