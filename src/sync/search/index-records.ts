import { type SearchDocument, searchKey, toSearchDocument } from '../../shared/search/search-document.ts';
import type { SearchList } from '../../shared/search/search-lists.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';
import type { DocumentStore } from '../projector/document-store.ts';

/** The changes of one upload to an index. */
export interface IndexChanges {
  readonly uploads: readonly SearchDocument[];
  /** Keys of records that the list does not have, or no longer. */
  readonly deletes: readonly string[];
}

/** The documents that the service refuses whenever they are sent: the status of each by its key. */
export type Refusals = ReadonlyMap<string, number>;

/** Puts changes into an index. Throws SearchFault. */
export type Upload = (indexName: string, changes: IndexChanges) => Promise<Refusals>;

export interface RecordDependencies {
  readonly list: SearchList;
  /** The documents of the list's read model. */
  readonly documents: Pick<DocumentStore<unknown>, 'read'>;
  readonly upload: Upload;
}

/** The records of a list among the documents of targets. */
export function recordsIn(list: SearchList, targets: readonly Target[]): readonly DocumentKey[] {
  const records = targets.flatMap(({ partitionKey, ids }) => {
    const keys = ids.filter(list.isRecord).map((id) => ({ partitionKey, id }));
    return keys.map((key) => [key[list.identifiedBy], key] as const);
  });
  return [...new Map(records).values()];
}

/**
 * Puts the current state of records into an index. The service has no conditional writes, so a slow upload can replace a newer
 * one: after each upload, the documents are read again, and uploaded again until they are unchanged. Whoever writes a document
 * does so afterwards, so the last upload of each record has its last state, whatever the order in which the uploads arrive.
 * Throws TransientFault and SearchFault.
 * @returns the records that the service refuses for good, with the status
 */
export async function indexRecords(
  records: readonly DocumentKey[],
  indexName: string,
  { list, documents, upload }: RecordDependencies,
): Promise<ReadonlyMap<DocumentKey, number>> {
  const uploaded = new Map<DocumentKey, string | undefined>();
  const refused = new Map<DocumentKey, number>();
  for (let left = records; ; ) {
    const found = await documents.read(left.map(({ partitionKey, id }) => ({ partitionKey, ids: [id] })));
    const states = left.map((record, index) => ({ record, stored: found[index]?.get(record.id) }));
    const changed = states.filter(({ record, stored }) => {
      return !uploaded.has(record) || uploaded.get(record) !== stored?.etag;
    });
    if (changed.length === 0) return refused;
    const refusals = await upload(indexName, changesOf(list, changed));
    for (const { record, stored } of changed) {
      uploaded.set(record, stored?.etag);
      const status = refusals.get(searchKey(list, record));
      if (status === undefined) refused.delete(record);
      else refused.set(record, status);
    }
    left = changed.map(({ record }) => record);
  }
}

interface State {
  readonly record: DocumentKey;
  readonly stored: { readonly document: unknown } | undefined;
}

function changesOf(list: SearchList, states: readonly State[]): IndexChanges {
  const uploads: SearchDocument[] = [];
  const deletes: string[] = [];
  for (const { record, stored } of states) {
    const document = toSearchDocument(list, record, stored?.document);
    if (document === undefined) deletes.push(searchKey(list, record));
    else uploads.push(document);
  }
  return { uploads, deletes };
}
