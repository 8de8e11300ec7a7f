import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { CustomerCopy, CustomerMarker } from '../../../src/shared/read-models/customer-copy.ts';
import type { Documents, Projection, Target } from '../../../src/sync/projections/projection.ts';

/** The documents of a read model by partition key and id, as the runner would leave them. */
export type ReadModel<Document> = ReadonlyMap<string, Documents<Document>>;

/** Folds events in the order given: what a test states as given(events) → then(documents). */
export function fold<Document>(
  projection: Projection<Document>,
  events: readonly EventEnvelope[],
  before: ReadModel<Document> = new Map(),
): ReadModel<Document> {
  const model = new Map([...before].map(([partitionKey, documents]) => [partitionKey, new Map(documents)]));
  for (const event of events) {
    const target = projection.targetOf(event);
    if (target === undefined) continue;
    applyTo(model, target, event, projection);
    const copy = projection.copyOf?.(event);
    if (copy === undefined) continue;
    const companionId = target.partitionKey;
    for (const id of olderCopies(model, copy)) {
      applyTo(model, { partitionKey: id, ids: [id], companionId }, event, projection);
    }
  }
  return model;
}

/** The runner reads the target's documents and the one beside them, and writes the target's. */
function applyTo<Document>(
  model: Map<string, Map<string, Document>>,
  { partitionKey, ids, companionId }: Target,
  event: EventEnvelope,
  projection: Projection<Document>,
): void {
  const existing = model.get(partitionKey) ?? new Map<string, Document>();
  const read = new Map(companionId === undefined ? [] : model.get(companionId));
  for (const id of ids) {
    const document = existing.get(id);
    if (document !== undefined) read.set(id, document);
  }
  const after = projection.apply(read, event);
  for (const [id, document] of after) if (ids.includes(id)) existing.set(id, document);
  if (existing.size > 0) model.set(partitionKey, existing);
}

/** Ids of the documents of orders with an older copy of a customer. */
export function olderCopies<Document>(model: ReadModel<Document>, copy: CustomerCopy): readonly string[] {
  const documents = [...model.values()].flatMap((partition) => [...partition.entries()]);
  return documents.flatMap(([id, document]) => (isCopy(document) && isOlder(document, copy) ? [id] : []));
}

const isCopy = (document: unknown): document is CustomerCopy =>
  typeof document === 'object' && document !== null && 'customerVersion' in document && 'orderId' in document;

const isOlder = (document: CustomerCopy, { customerId, customerVersion, customerErased }: CustomerCopy) =>
  document.customerId === customerId &&
  !document.customerErased &&
  (customerErased === true || document.customerVersion < customerVersion);

/** Documents of a read model, without the markers of customers. */
export function documentsOf<Document>(model: ReadModel<Document>): readonly Exclude<Document, CustomerMarker>[] {
  const documents = [...model.values()].flatMap((partition) => [...partition.values()]);
  return documents.filter((document): document is Exclude<Document, CustomerMarker> => !isMarker(document));
}

const isMarker = (document: unknown) =>
  typeof document === 'object' &&
  document !== null &&
  'type' in document &&
  document.type === 'customer' &&
  'customerVersion' in document;

/** The one document of a read model that has one. */
export function onlyDocument<Document>(model: ReadModel<Document>): Exclude<Document, CustomerMarker> | undefined {
  const documents = documentsOf(model);
  if (documents.length > 1) throw new Error(`There are ${documents.length} documents.`);
  return documents[0];
}
