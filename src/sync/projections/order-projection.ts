import type { OrderEventEnvelope } from '../../shared/events/envelope.ts';
import type { Container } from '../../shared/read-models/containers.ts';
import {
  type CustomerCopy,
  type CustomerMarker,
  copyOf,
  markerId,
  newerCopy,
} from '../../shared/read-models/customer-copy.ts';
import { documentId } from '../../shared/read-models/document-id.ts';
import { type Stamped, supersedes } from '../../shared/read-models/stamp.ts';
import type { Documents, Projection } from './projection.ts';

/** A read model with one document per order, each a logical partition of its own, which follows the order's customer. */
export interface OrderProjection<Document> {
  readonly container: Container;
  readonly version: number;
  /** Whether an order has a document here. */
  readonly concerns: (event: OrderEventEnvelope) => boolean;
  /** The document after an event of its order, the same object when it stays as it is; undefined when there is none. */
  readonly applyOrder: (document: Document | undefined, event: OrderEventEnvelope) => Document | undefined;
  /** The document with a newer copy of the customer; when the customer is erased, without anything that tells who they were. */
  readonly withCustomer: (document: Document, copy: CustomerCopy) => Document;
}

/**
 * Makes the projection. A customer's change is kept in a marker and given to every document with an older copy. An order's event
 * heeds the marker, so that neither a late event nor one that was decided before the change brings back what the customer was.
 */
export function projectOrders<Document extends CustomerCopy>(
  definition: OrderProjection<Document>,
): Projection<Document | CustomerMarker> {
  const { container, version, concerns } = definition;
  return {
    container,
    version,
    copyOf,
    targetOf: (event) => {
      if (event.aggregateType === 'Order' && concerns(event)) {
        const id = documentId(event.aggregateId);
        return { partitionKey: id, ids: [id], companionId: markerId(event.order.customerId) };
      }
      const copy = copyOf(event);
      return copy && { partitionKey: markerId(copy.customerId), ids: [markerId(copy.customerId)] };
    },
    apply: (documents, event) => {
      if (event.aggregateType === 'Order') return applyOrder(documents, event, definition);
      const copy = copyOf(event);
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

/** The marker with what was heard of the customer, and the documents with what the marker says. */
function applyCustomer<Document extends CustomerCopy>(
  documents: Documents<Document | CustomerMarker>,
  copy: CustomerCopy,
  { withCustomer }: OrderProjection<Document>,
): Documents<Document | CustomerMarker> {
  const id = markerId(copy.customerId);
  const marker: CustomerMarker = { type: 'customer', id, ...copy };
  const held = documents.get(id);
  const newest = held === undefined ? marker : newerCopy(held, marker);
  const after = [...documents].map(([key, document]) => {
    if (isMarker(document)) return [key, document] as const;
    return [key, newerCopy(document, newest) === document ? document : withCustomer(document, newest)] as const;
  });
  return new Map<string, Document | CustomerMarker>([...after, [id, newest]]);
}

function isMarker(document: CustomerCopy): document is CustomerMarker {
  return 'type' in document && document.type === 'customer';
}

/** A read model whose documents are each made of the order's newest event, and nothing else. */
export type OrderDocuments<Document> = Pick<OrderProjection<Document>, 'container' | 'version' | 'withCustomer'> & {
  /** Undefined when the order does not concern this read model. */
  readonly documentOf: (event: OrderEventEnvelope) => Document | undefined;
};

/** A projection together with its definition, from which the next version can be made. */
export type OrderDocumentProjection<Document> = OrderDocuments<Document> & Projection<Document | CustomerMarker>;

/** Makes the projection of a read model with one document per order. */
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
