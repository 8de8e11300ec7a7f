import { searchWords } from '../../shared/read-models/search-words.ts';
import { SUGGESTER } from '../../shared/search/index-definition.ts';
import { type SearchDocuments, TIME_LIMIT } from '../../shared/search/open-search.ts';
import { TEXT_OF } from '../../shared/search/search-document.ts';
import type { SimilarRecords, SimilarText } from './search-source.ts';

const MAX_SUGGESTIONS = 5;
/** Maximum characters of a text to complete: https://learn.microsoft.com/rest/api/searchservice/documents/autocomplete-post */
const MAX_COMPLETED = 100;

/**
 * Finds the records whose words are most similar to those of a text, and completions of its last word.
 * @param filter which records; undefined: all
 * @returns the records as JSON
 */
export async function similarRecords(
  documents: SearchDocuments,
  filter: string | undefined,
  { text, words, limit }: SimilarText,
): Promise<SimilarRecords<string>> {
  const wanted = searchWords(text);
  if (wanted.length === 0) return { documents: [], suggestions: [] };
  const field = TEXT_OF[words];
  const filtered = filter !== undefined && { filter };
  const [{ results }, completions] = await Promise.all([
    documents.search(wanted.map((word) => likeWord(field, word)).join(' AND '), {
      ...filtered,
      queryType: 'full',
      searchMode: 'all',
      select: ['document'],
      top: limit,
      ...TIME_LIMIT,
    }),
    documents.autocomplete(wanted.join(' ').slice(0, MAX_COMPLETED), SUGGESTER, {
      ...filtered,
      searchFields: [field],
      useFuzzyMatching: true,
      ...TIME_LIMIT,
      top: MAX_SUGGESTIONS,
    }),
  ]);
  const found: string[] = [];
  for await (const { document } of results) found.push(document.document);
  return { documents: found, suggestions: completions.results.map(({ queryPlusText }) => queryPlusText) };
}

/** Matches the word itself best, then words that start with it, then words with typing errors. */
function likeWord(field: string, word: string): string {
  const ways = [`${field}:${word}^4`, `${field}:${word}*^2`];
  const errors = maxErrors(word);
  if (errors > 0) ways.push(`${field}:${word}~${errors}`);
  return `(${ways.join(' OR ')})`;
}

/** How many letters of a word may be wrong, as in https://www.elastic.co/docs/reference/elasticsearch/rest-apis/common-options#fuzziness */
function maxErrors(word: string): number {
  const { length } = [...word];
  if (length < 3) return 0;
  return length < 6 ? 1 : 2;
}
