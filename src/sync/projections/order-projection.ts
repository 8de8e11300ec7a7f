import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { ReadModelContainer } from '../../shared/read-models/containers.ts';
import {
  type CustomerCopy,
  type CustomerMarker,
  customerCopyOf,
  markerId,
  newerCopy,
} from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { type Stamped, supersedes } from '../../shared/read-models/stamp.ts';
import type { Documents, Projection } from './projection.ts';

/**
 * The definition of a read model with one document per order. Each document holds a denormalized copy of the order's customer, which is
 * kept up to date.
 */
export interface OrderProjection<Document> {
  readonly container: ReadModelContainer;
  readonly version: number;
  /** See `Projection`. Absent: each order has a logical partition of its own, and so has each marker. */
  readonly byCustomer?: true;
  /** The first part of the partition key, which markers need, too, where the key has it. */
  readonly board?: string;
  /** Whether the order has a document in this read model. */
  readonly concerns: (event: OrderEventEnvelope) => boolean;
  /** Whether the event most likely creates the document, so reading it first would be wasted. */
  readonly creates: (event: OrderEventEnvelope) => boolean;
  /** Returns the document after an event of its order: the same object when unchanged, undefined when the order has no document. */
  readonly applyOrder: (document: Document | undefined, event: OrderEventEnvelope) => Document | undefined;
  /** Returns the document with a newer copy of the customer. For an erased customer, it also removes all personal data. */
  readonly withCustomer: (document: Document, copy: CustomerCopy) => Document;
}

/**
 * Creates the projection. A customer's change is stored in a marker and applied to every document with an older copy (fan-out). The marker is
 * read after a document was created, and for a duplicate or late event, so that an event that was decided before the change does not
 * restore the customer's old data.
 */
export function projectOrders<Document extends CustomerCopy>(
  definition: OrderProjection<Document>,
): Projection<Document | CustomerMarker> {
  const { container, version, concerns, creates, byCustomer } = definition;
  const keyOf = (customerId: string, id: string) => ({ partitionKey: byCustomer ? customerId : id, id });
  return {
    container,
    version,
    customerCopyOf,
    // Each document depends on the newest events alone, and not on others of its logical partition.
    ...(byCustomer && { byCustomer, independent: true }),
    targetsOf: (event) => {
      if (event.aggregateType === 'Order' && concerns(event)) {
        const { customerId } = event.order;
        const { partitionKey, id } = keyOf(customerId, documentId(event.aggregateId));
        const unreadIds = creates(event) ? [id] : [];
        return [{ partitionKey, ids: [id], unreadIds, companion: keyOf(customerId, markerId(customerId)) }];
      }
      const copy = customerCopyOf(event);
      if (copy === undefined) return [];
      const { partitionKey, id } = keyOf(copy.customerId, markerId(copy.customerId));
      return [{ partitionKey, ids: [id] }];
    },
    apply: (documents, event) => {
      if (event.aggregateType === 'Order') return applyOrder(documents, event, definition);
      const copy = customerCopyOf(event);
      return copy === undefined ? documents : applyCustomer(documents, copy, definition);
    },
  };
}

function applyOrder<Document extends CustomerCopy>(
  documents: Documents<Document | CustomerMarker>,
  event: OrderEventEnvelope,
  definition: OrderProjection<Document>,
): Documents<Document | CustomerMarker> {
  const id = documentId(event.aggregateId);
  const held = documents.get(id);
  const before = held === undefined || isMarker(held) ? undefined : held;
  const after = definition.applyOrder(before, event);
  if (after === undefined) return documents;
  const newest = newerCopy(newerCopy(after, before), documents.get(markerId(after.customerId)));
  if (after === before && newest === before) return documents;
  return new Map([...documents, [id, definition.withCustomer(after, newest)]]);
}

/** Updates the marker if the copy is newer, and the documents that have an older copy than the marker. */
function applyCustomer<Document extends CustomerCopy>(
  documents: Documents<Document | CustomerMarker>,
  copy: CustomerCopy,
  { withCustomer, byCustomer, board }: OrderProjection<Document>,
): Documents<Document | CustomerMarker> {
  const id = markerId(copy.customerId);
  const place = byCustomer ? board !== undefined && { board } : { partition: id };
  const marker: CustomerMarker = { type: 'customer', id, ...place, ...copy };
  const held = documents.get(id);
  const newest = held === undefined ? marker : newerCopy(held, marker);
  const after = [...documents].map(([key, document]) => {
    if (isMarker(document)) return [key, document] as const;
    return [key, newerCopy(document, newest) === document ? document : withCustomer(document, newest)] as const;
  });
  return new Map<string, Document | CustomerMarker>([...after, [id, newest]]);
}

/** True for the marker of a customer, which is not a document of an order. */
export function isMarker(document: CustomerCopy): document is CustomerMarker {
  return 'type' in document && document.type === 'customer';
}

/** The definition of a read model whose documents each depend only on the order's newest event. */
export type OrderDocuments<Document> = Omit<OrderProjection<Document>, 'concerns' | 'applyOrder'> & {
  /** Undefined when the order does not concern this read model. */
  readonly documentOf: (event: OrderEventEnvelope) => Document | undefined;
};

/** A projection together with its definition, from which the next version can be derived. */
export type OrderDocumentProjection<Document> = OrderDocuments<Document> & Projection<Document | CustomerMarker>;

/** Creates a projection whose documents each depend only on the order's newest event. */
export function documentPerOrder<Document extends Stamped<CustomerCopy & { readonly version: number }>>(
  definition: OrderDocuments<Document>,
): OrderDocumentProjection<Document> {
  const { version: projectionVersion, documentOf } = definition;
  const concerns = (event: OrderEventEnvelope) => documentOf(event) !== undefined;
  const applyOrder = (held: Document | undefined, event: OrderEventEnvelope) => {
    if (!supersedes(event, projectionVersion, held)) return held;
    const document = documentOf(event);
    return document && { ...document, projectionVersion };
  };
  return { ...definition, ...projectOrders({ ...definition, concerns, applyOrder }) };
}
