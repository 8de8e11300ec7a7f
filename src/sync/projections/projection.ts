import type { EventEnvelope } from '../../shared/events/envelope.ts';
import type { ReadModelContainer } from '../../shared/read-models/containers.ts';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';

/** A document of a container. */
export interface DocumentKey {
  /** The last value of a hierarchical key: the values before it are the container's `keyPrefix`. */
  readonly partitionKey: string;
  readonly id: string;
}

/** Documents that an event changes, all in one logical partition: see `Projection.independent`. */
export interface Target {
  readonly partitionKey: string;
  readonly ids: readonly string[];
  /**
   * Those of `ids` that the first attempt assumes to be absent, without a read: a document that the event most likely creates, or one that is
   * needed only in the cases of `Projection.needsAll`.
   */
  readonly unreadIds?: readonly string[] | undefined;
  /** A companion document, which is changed only by its own events. */
  readonly companion?: DocumentKey | undefined;
}

/** Documents of one logical partition and the companion, by id. A document that does not exist is absent. */
export type Documents<Document> = ReadonlyMap<string, Document>;

/**
 * The projection of events into one read model. Pure and idempotent: late and duplicate events lead to the same documents.
 *
 * An example of `unreadIds`, from `sales_daily`: the first order of a customer on a day changes the total of the day and creates a record of
 * the customer. `targetsOf` lists both, and the record also in `unreadIds`, so that only the total is read. Both are written in one batch. If
 * there is a record, because this is the second order, the batch conflicts and writes neither. Both are then read, and `apply` is called
 * again. A cancellation reads the record of the customer, and only if that shows that the customer has ordered again since (`needsAll`), the
 * record of the order. The documents of `order_details` need no batch, because each is correct without the others (`independent`).
 */
export interface Projection<Document> {
  readonly container: ReadModelContainer;
  /**
   * Version of the projection. Increment it when the same events must produce different documents: a replay of the log then rebuilds
   * each older document in place.
   */
  readonly version: number;
  /**
   * The documents that an event changes: one target for each logical partition, which are written independently of each other. Empty
   * when the event does not concern this read model.
   */
  targetsOf(event: EventEnvelope): readonly Target[];
  /**
   * Returns the documents after an event, in any order of arrival. An unchanged document stays the same object; when all are
   * unchanged, as for a duplicate event, it returns the same map and nothing is written. A document that is left out is deleted.
   * @param partitionKey the logical partition of the documents
   */
  apply(documents: Documents<Document>, event: EventEnvelope, partitionKey: string): Documents<Document>;
  /**
   * The customer data in an event. `apply` is also called for each document with an older copy of the customer, with the event's only
   * target as companion.
   */
  customerCopyOf?(event: EventEnvelope): CustomerCopy | undefined;
  /** True: the documents of a customer's orders are in one logical partition, whose key is the customer's id. */
  readonly byCustomer?: true;
  /**
   * Whether the documents that the first attempt did not read (`Target.unreadIds`) can matter to an event. They are then read, and `apply`
   * is called again. Absent: they cannot, unless an event changes nothing or a write conflicts. Unless the documents are `independent`, each
   * write of an unread document must be in one batch with another document of the target.
   */
  needsAll?(documents: Documents<Document>, event: EventEnvelope): boolean;
  /**
   * Whether an event is too old for a read model that keeps only the newest data: it is skipped. Absent: no event is.
   * @param now milliseconds since 1970
   */
  isOutdated?(event: EventEnvelope, now: number): boolean;
  /** Whether a document has data of its customer, which a change of the customer must reach. Absent: every document has. */
  hasCustomerData?(document: Document): boolean;
  /**
   * True: each document is correct on its own, so that the documents of many targets share a bulk request and are written in the order
   * in which `apply` returns them. Otherwise the documents of a target are written in one transactional batch.
   */
  readonly independent?: true;
}

/** The documents with one of them replaced; the same map when it is the same object. */
export function replaced<Document extends { readonly id: string }>(
  documents: Documents<Document>,
  before: Document,
  after: Document,
): Documents<Document> {
  return after === before ? documents : new Map([...documents, [after.id, after]]);
}
