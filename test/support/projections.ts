import type { EventEnvelope } from '../../src/shared/events/envelope.ts';
import type { Documents, Projection } from '../../src/sync/projection.ts';

/** The documents of a read model by partition key and id, as the runner would leave them. */
export type ReadModel<Document> = ReadonlyMap<string, Documents<Document>>;

/** Folds events in the order given: what a test states as given(events) → then(documents). */
export function fold<Document>(
  projection: Projection<Document>,
  events: readonly EventEnvelope[],
  before: ReadModel<Document> = new Map(),
): ReadModel<Document> {
  const partitions = new Map(before);
  for (const event of events) {
    const target = projection.targetOf(event);
    if (target === undefined) continue;
    const { partitionKey, ids } = target;
    const existing = partitions.get(partitionKey) ?? new Map<string, Document>();
    // The runner reads the target's documents only.
    const read = new Map([...existing].filter(([id]) => ids.includes(id)));
    partitions.set(partitionKey, new Map([...existing, ...projection.apply(read, event)]));
  }
  return partitions;
}

/** The one document of a read model that has one. */
export function onlyDocument<Document>(model: ReadModel<Document>): Document | undefined {
  const documents = [...model.values()].flatMap((partition) => [...partition.values()]);
  if (documents.length > 1) throw new Error(`There are ${documents.length} documents.`);
  return documents[0];
}
