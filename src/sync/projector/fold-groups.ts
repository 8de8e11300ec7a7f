import type { PoisonEvent } from '../dead-letters/dead-letters.ts';
import type { Documents, Projection, Target } from '../projections/projection.ts';
import type { DocumentStore, PartitionWrite, StoredDocument } from './document-store.ts';
import type { Group } from './group.ts';

/** The result of folding a group's events: the documents to write, and the events for which the projection threw. */
export interface Folded<Document> {
  readonly group: Group;
  readonly stored: ReadonlyMap<string, StoredDocument<Document>>;
  readonly write: PartitionWrite<Document>;
  readonly poison: readonly PoisonEvent[];
}

interface FirstFold<Document> extends Folded<Document> {
  /** Whether the documents that were not read, or not read again, could change the result. */
  readonly isDoubtful: boolean;
}

interface FoldDependencies<Document> {
  readonly documents: DocumentStore<Document>;
  /** The groups for which it is not the first attempt. */
  readonly tried: ReadonlySet<Group>;
}

/**
 * Reads the documents of each group and folds its events. A first attempt reads few documents, which suffices for new events: documents
 * assumed absent are created, and remembered ones are replaced with their ETags, so the write fails if an assumption is wrong. All documents are
 * read when an event changes nothing, as a duplicate, when the projection needs the others, or when a remembered document would not be written.
 * Throws TransientFault.
 */
export async function foldGroups<Document>(
  groups: readonly Group[],
  projection: Projection<Document>,
  { documents, tried }: FoldDependencies<Document>,
): Promise<readonly Folded<Document>[]> {
  const first = groups.filter((group) => !tried.has(group));
  const found = await documents.readFirst(first.map(({ target }) => target));
  const folded = new Map<Group, Folded<Document>>();
  for (const [index, group] of first.entries()) {
    const one = fold(group, found[index] ?? new Map(), projection);
    if (!one.isDoubtful) folded.set(group, one);
  }
  const rest = groups.filter((group) => !folded.has(group));
  const stored = await readAll(
    rest.map(({ target }) => target),
    projection,
    documents,
  );
  for (const [index, group] of rest.entries()) folded.set(group, fold(group, stored[index] ?? new Map(), projection));
  return groups.flatMap((group) => folded.get(group) ?? []);
}

/**
 * Reads all documents. Those that a projection needs only at times (`needsAll`) are read after the others: whoever writes one of them also
 * writes one of the others, whose ETag then shows that the first has changed, even if it is not written, because it did not exist.
 */
async function readAll<Document>(
  targets: readonly Target[],
  { needsAll, independent }: Projection<Document>,
  documents: DocumentStore<Document>,
): Promise<readonly ReadonlyMap<string, StoredDocument<Document>>[]> {
  if (needsAll === undefined || independent) return documents.read(targets);
  const first = await documents.read(targets.map((target) => ({ ...target, ids: idsOf(target, false) })));
  const others = await documents.read(targets.map((target) => ({ ...target, ids: idsOf(target, true) })));
  return first.map((found, index) => new Map([...found, ...(others[index] ?? [])]));
}

const idsOf = ({ ids, unreadIds = [] }: Target, areUnread: boolean): readonly string[] =>
  ids.filter((id) => unreadIds.includes(id) === areUnread);

function fold<Document>(
  group: Group,
  stored: ReadonlyMap<string, StoredDocument<Document>>,
  projection: Projection<Document>,
): FirstFold<Document> {
  const { partitionKey, companion } = group.target;
  let documents: Documents<Document> = new Map([...stored].map(([id, { document }]) => [id, document]));
  let isDoubtful = false;
  const poison: PoisonEvent[] = [];
  for (const event of group.events) {
    const before = documents;
    try {
      documents = projection.apply(documents, event.event, partitionKey);
      isDoubtful ||= projection.needsAll?.(before, event.event) === true;
    } catch (error) {
      poison.push({ ...event, reason: `the projection failed: ${error instanceof Error ? error.message : error}` });
    }
    isDoubtful ||= documents === before;
  }
  // In the order in which the projection returns them; deletions last.
  const ids = [...new Set([...documents.keys(), ...stored.keys()])].filter(
    (id) => id !== companion?.id || group.target.ids.includes(id),
  );
  const writes = ids
    .filter((id) => documents.get(id) !== stored.get(id)?.document)
    .map((id) => ({ id, document: documents.get(id), stored: stored.get(id) }));
  const written = new Set(writes.map(({ id }) => id));
  isDoubtful ||= [...stored].some(([id, { isRemembered }]) => isRemembered === true && !written.has(id));
  const { independent } = projection;
  return { group, stored, write: { partitionKey, independent, documents: writes }, poison, isDoubtful };
}
