import * as z from 'zod';
import type { SearchList } from './search-lists.ts';

/** A record in Azure AI Search. All lists have the same fields: see `index-definition.ts`. */
export interface SearchDocument {
  readonly key: string;
  /** As in the read model: unique, and the order of the list. */
  readonly sortKey: string;
  /** The time in the sort key, in milliseconds since 1970. A filter can compare numbers by size, and texts only for equality. */
  readonly sortTime: number;
  /** Status of an order; null in other lists. */
  readonly status: string | null;
  /** Version of the read model's document. */
  readonly version: number;
  /** The words of the read model's document, which must be matched exactly, and the same as a text for ranking and typing errors. */
  readonly words: readonly string[];
  readonly text: string;
  /** The same without the customer's name; empty in other lists than `orders`. */
  readonly orderWords: readonly string[];
  readonly orderText: string;
  /** The read model's document without its words, as JSON. */
  readonly document: string;
}

/** The field with the exact words, and the field with the same words as a text. */
export const TEXT_OF = { words: 'text', orderWords: 'orderText' } as const satisfies Partial<
  Record<keyof SearchDocument, keyof SearchDocument>
>;
export type WordsField = keyof typeof TEXT_OF;

/** A key may have only letters, digits, `_`, `-` and `=`: https://learn.microsoft.com/rest/api/searchservice/naming-rules */
export const searchKey = ({ identifiedBy }: SearchList, record: RecordKey): string =>
  Buffer.from(record[identifiedBy]).toString('base64url');

/** Where the document of a record is in its container. */
export type RecordKey = Readonly<Record<SearchList['identifiedBy'], string>>;

const record = z.looseObject({
  status: z.string().nullable().catch(null),
  version: z.number(),
  words: z.array(z.string()).default([]),
  orderWords: z.array(z.string()).default([]),
});

/** The search document of a read model's document; undefined when the list does not have it. */
export function toSearchDocument(list: SearchList, key: RecordKey, document: unknown): SearchDocument | undefined {
  if (document === undefined) return undefined;
  // The record of a customer also has their last order, which no search shows.
  const { words, orderWords, last: _, ...rest } = record.parse(document);
  const sortKey = rest[list.sortBy];
  if (typeof sortKey !== 'string') return undefined;
  return {
    key: searchKey(list, key),
    sortKey,
    sortTime: timeOf(sortKey),
    status: rest.status,
    version: rest.version,
    words,
    text: words.join(' '),
    orderWords,
    orderText: orderWords.join(' '),
    document: JSON.stringify(Object.fromEntries(shownEntries(rest))),
  };
}

/** Without what Cosmos DB adds; sorted, because the order in which properties were added depends on the order of the events. */
const shownEntries = (document: object) =>
  Object.entries(document)
    .filter(([name]) => !name.startsWith('_'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The time in a sort key, in milliseconds since 1970. */
export const timeOf = (sortKey: string): number => Date.parse(sortKey.split('|', 1)[0] ?? '');
