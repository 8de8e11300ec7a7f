import type { SearchField, SearchIndex } from '@azure/search-documents';
import type { SearchDocument } from './search-document.ts';
import type { SearchList } from './search-lists.ts';

/** Increment it when the fields change: the next start of the sync app then fills new indexes and switches to them. */
const DEFINITION_VERSION = 1;

/** Completes words that are typed. */
export const SUGGESTER = 'words';

type Field = SearchField & { readonly name: keyof SearchDocument };

/**
 * The fields of every index. The exact words are split at blanks only, so that the service finds what Cosmos DB finds: the code makes
 * the words. The texts have the service's analyzer for any language, which suggestions need.
 */
const FIELDS: readonly Field[] = [
  { name: 'key', type: 'Edm.String', key: true },
  { name: 'sortKey', type: 'Edm.String', sortable: true },
  { name: 'sortTime', type: 'Edm.Int64', filterable: true, sortable: true },
  { name: 'status', type: 'Edm.String', filterable: true },
  { name: 'version', type: 'Edm.Int64' },
  { name: 'words', type: 'Collection(Edm.String)', searchable: true, hidden: true, analyzerName: 'whitespace' },
  { name: 'text', type: 'Edm.String', searchable: true, hidden: true, analyzerName: 'standard.lucene' },
  { name: 'orderWords', type: 'Collection(Edm.String)', searchable: true, hidden: true, analyzerName: 'whitespace' },
  { name: 'orderText', type: 'Edm.String', searchable: true, hidden: true, analyzerName: 'standard.lucene' },
  { name: 'document', type: 'Edm.String' },
];

/**
 * The name of a list's index.
 * @param generation an operator increments it to have the indexes built again
 */
export const indexName = ({ name }: SearchList, generation: number): string =>
  `${name}-v${DEFINITION_VERSION}-${generation}`;

/** The definition of an index with this name. */
export const indexDefinition = (name: string): SearchIndex => ({
  name,
  fields: FIELDS.map((field) => ({
    searchable: false,
    filterable: false,
    sortable: false,
    facetable: false,
    ...field,
  })),
  suggesters: [{ name: SUGGESTER, searchMode: 'analyzingInfixMatching', sourceFields: ['text', 'orderText'] }],
});
