import type { EventEnvelope, OrderEventEnvelope } from '../shared/events/envelope.ts';
import type { Container } from '../shared/read-models/containers.ts';
import { documentId } from '../shared/read-models/document-id.ts';
import { type Stamped, supersedes } from '../shared/read-models/stamp.ts';

/** The documents that an event changes: all in one logical partition, since they are written together or not at all. */
export interface Target {
  readonly partitionKey: string;
  readonly ids: readonly string[];
}

/** Documents of one logical partition by id; one that does not exist is absent. */
export type Documents<Document> = ReadonlyMap<string, Document>;

/** How one read model is made of events. Pure: the same events give the same documents, whatever came late or twice. */
export interface Projection<Document> {
  readonly container: Container;
  /**
   * Which form its documents have. Raised when the same events are to give other documents: a replay of the log then brings each
   * older document into the new form, in place.
   */
  readonly version: number;
  /** Undefined when the event does not concern this read model. */
  targetOf(event: EventEnvelope): Target | undefined;
  /**
   * The target's documents after an event, in whatever order events come. A document that stays as it is stays the same object;
   * when all do, as for a duplicate, nothing is written.
   */
  apply(documents: Documents<Document>, event: EventEnvelope): Documents<Document>;
}

/** A read model with one document per order, each a logical partition of its own, made of the order's newest event. */
export interface OrderDocuments<Document> {
  readonly container: Container;
  readonly version: number;
  /** Undefined when the order does not concern this read model. */
  readonly documentOf: (event: OrderEventEnvelope) => Document | undefined;
}

/** Makes its projection, which keeps what it is made of, so that the next version can be made of this one. */
export function documentPerOrder<Document extends { readonly version: number }>(
  definition: OrderDocuments<Document>,
): OrderDocuments<Document> & Projection<Stamped<Document>> {
  const { version, documentOf } = definition;
  return {
    ...definition,
    targetOf: (event) => {
      if (event.aggregateType !== 'Order' || documentOf(event) === undefined) return undefined;
      const id = documentId(event.aggregateId);
      return { partitionKey: id, ids: [id] };
    },
    apply: (documents, event) => {
      const id = documentId(event.aggregateId);
      if (event.aggregateType !== 'Order' || !supersedes(event, version, documents.get(id))) return documents;
      const document = documentOf(event);
      return document === undefined ? documents : new Map([[id, { ...document, projectionVersion: version }]]);
    },
  };
}
