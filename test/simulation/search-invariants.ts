import { pathsOf, SEARCH_INDEXES } from '../../src/shared/read-models/containers.ts';
import { indexName } from '../../src/shared/search/index-definition.ts';
import { INDEX_NAMES_ID } from '../../src/shared/search/index-names.ts';
import { toSearchDocument } from '../../src/shared/search/search-document.ts';
import { SEARCH_LISTS, type SearchList } from '../../src/shared/search/search-lists.ts';
import { differences } from '../support/projections/compare-documents.ts';
import type { Services } from './services.ts';

/** The generation of indexes that the operators want; undefined when there is no search. */
export type SearchGeneration = number | undefined;

/** True when the wanted indexes answer queries, the replaced ones are deleted, and no record is pending. */
export function isIndexed({ documents, search }: Services, generation: SearchGeneration): boolean {
  if (generation === undefined) return true;
  const stored = documents.all(SEARCH_INDEXES.name);
  const isServing = ({ name }: SearchList, wanted: string) =>
    stored.some(
      ({ id, list, serving, building }) =>
        id === INDEX_NAMES_ID && list === name && serving === wanted && building === null,
    );
  return (
    stored.every(({ id }) => id === INDEX_NAMES_ID) &&
    search.indexes.size === SEARCH_LISTS.length &&
    SEARCH_LISTS.every((list) => isServing(list, indexName(list, generation)))
  );
}

/** Each index has the records of its read model, which is the fold of the log, and nothing else. */
export function indexesDiffer(services: Services, generation: SearchGeneration): readonly string[] {
  if (generation === undefined) return [];
  return SEARCH_LISTS.flatMap((list) => {
    const name = indexName(list, generation);
    const indexed = [...(services.search.indexes.get(name)?.values() ?? [])].map((document) =>
      JSON.stringify(document),
    );
    const found = differences(indexed, recordsOf(list, services));
    if (found.missing.length + found.unexpected.length === 0) return [];
    return [
      `The index ${name} is not the fold of the log.\n  missing: ${found.missing.join('\n  ')}\n  unexpected: ${found.unexpected.join('\n  ')}`,
    ];
  });
}

function recordsOf(list: SearchList, { documents }: Services): readonly string[] {
  const [property = ''] = pathsOf(list.container).map((path) => path.slice(1));
  return documents.all(list.container.name).flatMap((document) => {
    const record = { partitionKey: String(document[property]), id: String(document.id) };
    const wanted = list.isRecord(record.id) ? toSearchDocument(list, record, document) : undefined;
    return wanted === undefined ? [] : [JSON.stringify(wanted)];
  });
}
