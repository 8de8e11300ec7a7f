/** Completions of the last word of a text: https://learn.microsoft.com/rest/api/searchservice/documents/autocomplete-post */
import { z } from 'zod';
import { parseFilter } from './filter.ts';
import { badRequest, type RestAnswer } from './rest-answer.ts';
import { parse } from './search-documents.ts';
import type { Hit, SearchIndex } from './search-index.ts';

const request = z.strictObject({
  search: z.string().min(1).max(100),
  suggesterName: z.string(),
  autocompleteMode: z.literal('oneTerm').default('oneTerm'),
  searchFields: z.string().nullish(),
  filter: z.string().nullish(),
  fuzzy: z.boolean().default(false),
  top: z.int().min(1).max(100).default(5),
});

/** Answers with the terms of the most documents. Throws Refusal for what is wrong or not supported here. */
export function autocomplete(index: SearchIndex, body: unknown): RestAnswer {
  const { search, suggesterName, searchFields, filter, fuzzy, top } = parse(request, body);
  const fields = fieldsOf(index, suggesterName, searchFields ?? '');
  const words = search.trim().split(/\s+/);
  const last = (words.pop() ?? '').toLowerCase();
  const matches = filter ? parseFilter(filter, index.definition.fields) : () => true;
  const term = { kind: 'term', field: undefined, text: last, prefix: true, edits: fuzzy ? 1 : 0, boost: 1 } as const;
  const found = index.search(term, fields).filter(({ document }) => matches(document));
  const value = byFrequency(found, last)
    .slice(0, top)
    .map((text) => ({ text, queryPlusText: [...words, text].join(' ') }));
  return { status: 200, body: { value } };
}

function fieldsOf({ definition }: SearchIndex, suggesterName: string, searchFields: string): readonly string[] {
  const suggester = definition.suggesters.find(({ name }) => name === suggesterName);
  if (suggester === undefined) throw badRequest(`The specified suggester name '${suggesterName}' does not exist.`);
  const fields = searchFields === '' ? suggester.sourceFields : searchFields.split(',');
  if (fields.every((field) => suggester.sourceFields.includes(field))) return fields;
  throw badRequest(`Not all fields of '${searchFields}' are of the suggester.`);
}

/** The terms that matched: those that start with the word before those with typing errors, the most frequent first. */
function byFrequency(hits: readonly Hit[], word: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of hits.flatMap(({ terms }) => terms)) counts.set(text, (counts.get(text) ?? 0) + 1);
  const starts = (text: string) => Number(text.startsWith(word));
  return [...counts]
    .sort(([one, count], [other, otherCount]) => starts(other) - starts(one) || otherCount - count)
    .map(([text]) => text);
}
