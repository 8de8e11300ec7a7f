import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { Container } from '../../shared/read-models/containers.ts';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';

/** The documents that an event changes: all in one logical partition, since they are written together or not at all. */
export interface Target {
  readonly partitionKey: string;
  readonly ids: readonly string[];
  /** Id and partition key of a companion document, which is read with them and which only its own events change. */
  readonly companionId?: string | undefined;
}

/** Documents of one logical partition by id, with the companion. A document that does not exist is absent. */
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
   * The documents after an event, in whatever order events come. A document that stays as it is stays the same object; when all
   * do, as for a duplicate, nothing is written.
   */
  apply(documents: Documents<Document>, event: EventEnvelope): Documents<Document>;
  /** What an event says about a customer. Each document with an older copy is given to `apply` too, with the target as its companion. */
  copyOf?(event: EventEnvelope): CustomerCopy | undefined;
}
