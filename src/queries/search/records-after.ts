import { type SearchDocuments, TIME_LIMIT } from '../../shared/search/open-search.ts';
import { type SearchDocument, timeOf } from '../../shared/search/search-document.ts';

export type FoundRecord = Pick<SearchDocument, 'sortKey' | 'document'>;

/** Which records: a query in the full Lucene syntax, empty for all, and a filter. */
interface Matching {
  readonly query: string;
  readonly filter: string | undefined;
}

/** Maximum records of a further request, when many have the same time. */
const SAME_TIME = 1_000;

/** Finds the first records of a list, or those after a sort key; highest sort key first. */
export async function recordsAfter(
  documents: SearchDocuments,
  matching: Matching,
  { after, count }: { readonly after: string | undefined; readonly count: number },
): Promise<readonly FoundRecord[]> {
  if (after === undefined) return records(documents, matching, { top: count, skip: 0 });
  const { query, filter } = matching;
  const fromTime = `sortTime le ${timeOf(after)}`;
  const from = { query, filter: filter === undefined ? fromTime : `${filter} and ${fromTime}` };
  return following(documents, from, { after, count });
}

/**
 * A filter can compare texts only for equality, so the request begins with the records of the key's time, which are compared here: one
 * request, unless many records have the same time.
 */
async function following(
  documents: SearchDocuments,
  from: Matching,
  { after, count }: { readonly after: string; readonly count: number },
): Promise<readonly FoundRecord[]> {
  const found = new Map<string, FoundRecord>();
  // One record more, which is the one that has the key.
  let top = count + 1;
  for (let skip = 0; ; top = SAME_TIME) {
    const received = await records(documents, from, { top, skip });
    for (const record of received) if (isLower(record.sortKey, after)) found.set(record.sortKey, record);
    if (found.size >= count || received.length < top) return [...found.values()].slice(0, count);
    skip += received.length;
  }
}

async function records(
  documents: SearchDocuments,
  { query, filter }: Matching,
  place: { readonly top: number; readonly skip: number },
): Promise<readonly FoundRecord[]> {
  const { results } = await documents.search(query === '' ? '*' : query, {
    ...(query !== '' && { queryType: 'full', searchMode: 'all' }),
    ...(filter !== undefined && { filter }),
    orderBy: ['sortTime desc', 'sortKey desc'],
    select: ['sortKey', 'document'],
    ...place,
    ...TIME_LIMIT,
  });
  const received: FoundRecord[] = [];
  for await (const { document } of results) received.push(document);
  return received;
}

/** The service orders texts by the bytes of UTF-8. */
const isLower = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0;
