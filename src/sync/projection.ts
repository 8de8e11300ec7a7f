import type { EventEnvelope } from '../shared/events/envelope.ts';
import type { Container } from '../shared/read-models/containers.ts';
import type { DocumentKey } from './document-store.ts';

/** How one read model is made of events. Pure, so the same events give the same documents, whatever was lost or repeated. */
export interface Projection<Document> {
  readonly container: Container;
  /** The document that an event changes; undefined when the event does not concern this read model. */
  keyOf(event: EventEnvelope): DocumentKey | undefined;
  /**
   * The document after an event, in whatever order events come. Returns the same object when the event changes nothing, as a
   * duplicate does.
   */
  apply(document: Document | undefined, event: EventEnvelope): Document | undefined;
}
