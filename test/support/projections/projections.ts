import type { EventEnvelope } from '../../../src/shared/events/envelope.ts';
import type { CustomerCopy, CustomerMarker } from '../../../src/shared/read-models/customer-copy.ts';
import type { DocumentKey, Documents, Projection, Target } from '../../../src/sync/projections/projection.ts';
import { PROJECTIONS as READ_MODELS } from '../../../src/sync/projections/projections.ts';

/** The projection of every read model, without the types of its documents. */
export const PROJECTIONS: readonly Projection<unknown>[] = READ_MODELS.map(({ projection }) => projection);

/** The documents of a read model by partition key and id, as the projector would leave them. */
export type ReadModel<Document> = ReadonlyMap<string, Documents<Document>>;

/** Folds events in the given order: given(events) → then(documents). */
export function fold<Document>(
  projection: Projection<Document>,
  events: readonly EventEnvelope[],
  before: ReadModel<Document> = new Map(),
): ReadModel<Document> {
  const model = new Map([...before].map(([partitionKey, documents]) => [partitionKey, new Map(documents)]));
  for (const event of events) {
    const targets = projection.targetsOf(event);
    for (const target of targets) applyTo(model, target, event, projection);
    const copy = projection.customerCopyOf?.(event);
    if (copy === undefined) continue;
    const [companion] = targets.flatMap(({ partitionKey, ids }) => ids.map((id) => ({ partitionKey, id })));
    for (const { partitionKey, id } of olderCopies(model, copy)) {
      applyTo(model, { partitionKey, ids: [id], companion }, event, projection);
    }
  }
  return model;
}

/** As the projector does: reads the documents of the target and their companion, and writes or deletes all but the companion. */
function applyTo<Document>(
  model: Map<string, Map<string, Document>>,
  { partitionKey, ids, companion }: Target,
  event: EventEnvelope,
  projection: Projection<Document>,
): void {
  const existing = model.get(partitionKey) ?? new Map<string, Document>();
  const own = new Map([...existing].filter(([id]) => ids.includes(id)));
  const read = new Map([...companionIn(model, companion), ...own]);
  const after = projection.apply(read, event, partitionKey);
  for (const id of [...own.keys()].filter((held) => !after.has(held))) existing.delete(id);
  for (const [id, document] of after) if (ids.includes(id) || id !== companion?.id) existing.set(id, document);
  if (existing.size > 0) model.set(partitionKey, existing);
}

function companionIn<Document>(model: ReadModel<Document>, companion: DocumentKey | undefined): Documents<Document> {
  const companions = [...(model.get(companion?.partitionKey ?? '') ?? [])];
  return new Map(companions.filter(([id]) => id === companion?.id));
}

/** Keys of the order documents with an older copy of a customer, and for an erased customer of those that are not erased yet. */
export function olderCopies<Document>(model: ReadModel<Document>, copy: CustomerCopy): readonly DocumentKey[] {
  return [...model].flatMap(([partitionKey, documents]) =>
    [...documents].flatMap(([id, document]) => (isOlder(document, copy) ? [{ partitionKey, id }] : [])),
  );
}

/** As the query in the document store: only documents of orders have an `orderId`. */
function isOlder(document: unknown, { customerId, customerVersion, customerErased }: CustomerCopy): boolean {
  const held: Partial<CustomerCopy> & { readonly orderId?: unknown } = Object(document);
  if (held.orderId === undefined || held.customerId !== customerId || held.customerErased) return false;
  return customerErased === true || (held.customerVersion ?? Number.POSITIVE_INFINITY) < customerVersion;
}

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

/** The only document of a read model. */
export function onlyDocument<Document>(model: ReadModel<Document>): Exclude<Document, CustomerMarker> | undefined {
  const documents = documentsOf(model);
  if (documents.length > 1) throw new Error(`There are ${documents.length} documents.`);
  return documents[0];
}
