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

export interface RecordDependencies {
  readonly list: SearchList;
  /** The documents of the list's read model. */
  readonly documents: Pick<DocumentStore<unknown>, 'read'>;
  /** The indexes that get every change: the one that answers queries, and one that is being filled. Read after the documents were written. */
  readonly indexNames: () => Promise<readonly string[]>;
  /** Throws SearchFault. */
  readonly upload: (indexName: string, changes: IndexChanges) => Promise<void>;
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
 * Puts the current state of records into the indexes. The service has no conditional writes, so a slow upload can replace a newer
 * one: after each upload, the documents are read again, and uploaded again until they are unchanged. Whoever writes a document
 * does so afterwards, so the last upload of each record has its last state, whatever the order in which the uploads arrive.
 * Throws TransientFault and SearchFault.
 */
export async function indexRecords(
  records: readonly DocumentKey[],
  { list, documents, indexNames, upload }: RecordDependencies,
): Promise<void> {
  const uploaded = new Map<DocumentKey, string | undefined>();
  for (let left = records; ; ) {
    const found = await documents.read(left.map(({ partitionKey, id }) => ({ partitionKey, ids: [id] })));
    const states = left.map((record, index) => ({ record, stored: found[index]?.get(record.id) }));
    const changed = states.filter(({ record, stored }) => {
      return !uploaded.has(record) || uploaded.get(record) !== stored?.etag;
    });
    if (changed.length === 0) return;
    const changes = changesOf(list, changed);
    for (const name of await indexNames()) await upload(name, changes);
    for (const { record, stored } of changed) uploaded.set(record, stored?.etag);
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
