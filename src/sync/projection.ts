import type { EventEnvelope } from '../shared/events/envelope.ts';
import type { Container } from '../shared/read-models/containers.ts';

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
  /** Undefined when the event does not concern this read model. */
  targetOf(event: EventEnvelope): Target | undefined;
  /**
   * The target's documents after an event, in whatever order events come. A document that stays as it is stays the same object;
   * when all do, as for a duplicate, nothing is written.
   */
  apply(documents: Documents<Document>, event: EventEnvelope): Documents<Document>;
}

/** A projection whose events change one document each, which is a logical partition of its own. */
export function documentPerAggregate<Document>(projection: {
  readonly container: Container;
  /** The document's id and partition key. */
  readonly idOf: (event: EventEnvelope) => string | undefined;
  readonly apply: (document: Document | undefined, event: EventEnvelope) => Document | undefined;
}): Projection<Document> {
  const { container, idOf, apply } = projection;
  return {
    container,
    targetOf: (event) => {
      const id = idOf(event);
      return id === undefined ? undefined : { partitionKey: id, ids: [id] };
    },
    apply: (documents, event) => {
      const id = idOf(event);
      if (id === undefined) return documents;
      const after = apply(documents.get(id), event);
      return after === undefined ? documents : new Map([[id, after]]);
    },
  };
}
