import type { HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { Role } from '../../shared/auth/authenticate.ts';
import { listAnswers, listResponse } from '../../shared/http/list-response.ts';
import { invalid } from '../../shared/http/validate.ts';
import type { Listed } from '../../shared/read-models/paging.ts';
import type { WordsField } from '../../shared/search/search-document.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import { type SearchCondition, wordsMatch } from './search-conditions.ts';
import type { SearchPage, SearchSource } from './search-source.ts';

/** The parameter `match` of every list that can be searched. */
export const matchParameter = z
  .enum(['words', 'similar'])
  .default('words')
  .meta({
    description: `How \`q\` is compared. \`words\`: each of its words begins a word of the record; newest first. \`similar\`: the most \
similar records first, despite typing errors, on one page, with \`suggestions\` that complete \`q\`. \`similar\` needs Azure AI Search: \
a system without it rejects it.`,
  });

/** Describes the response of `answerSearch`. */
export const searchAnswers = (item: z.ZodType, items: Readonly<Partial<Record<Role, z.ZodType>>> = {}) =>
  listAnswers(item, items, [], {
    suggestions: z
      .array(z.string())
      .exactOptional()
      .describe('Only for `match=similar`: texts that complete `q`, without case and accents.'),
  });

interface Search extends SearchPage {
  /** The parameters `q` and `match`. */
  readonly q: string;
  readonly match: z.output<typeof matchParameter>;
  readonly list: SearchList;
  /** The property with the words that `q` may find. */
  readonly words: WordsField;
  /** What records must meet besides `q`. */
  readonly conditions?: readonly (SearchCondition | undefined)[];
}

/** Searches a list and responds with a page of it. Throws Problem `unavailable` and `validation-failed`. */
export async function answerSearch<Document extends Listed>(
  source: SearchSource,
  { q, match, list, words, conditions = [], ...page }: Search,
  toItem: (document: Document) => object,
): Promise<HttpResponseInit> {
  if (match === 'words') {
    return listResponse(await source.readPage<Document>(list, [...conditions, ...wordsMatch(q, words)], page), toItem);
  }
  const { similar } = source;
  if (similar === undefined) {
    throw invalid([{ path: 'match', message: 'must be words: this system has no Azure AI Search for similar' }]);
  }
  if (q === '') throw invalid([{ path: 'q', message: 'is required for match=similar' }]);
  if (page.continuationToken !== undefined) {
    throw invalid([{ path: 'continuationToken', message: 'must be absent: match=similar has one page' }]);
  }
  const { documents, suggestions } = await similar<Document>(list, conditions, { text: q, words, limit: page.limit });
  return listResponse({ documents, continuationToken: undefined }, toItem, { suggestions });
}
