import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';

export interface StoredDocument<Document> {
  readonly document: Document;
  readonly etag: string;
  /** Present when the document is as this process has last read or written it. A write with its ETag shows whether it still is. */
  readonly isRemembered?: true;
}

/** Documents to write in one logical partition: all or none, unless they are independent. */
export interface PartitionWrite<Document> {
  readonly partitionKey: string;
  readonly independent?: true | undefined;
  readonly documents: readonly {
    readonly id: string;
    /** Undefined: the stored document is deleted. */
    readonly document: Document | undefined;
    /** The document as it was read; undefined when it must not exist yet. */
    readonly stored: StoredDocument<Document> | undefined;
  }[];
}

/** `conflict`: another writer changed a document since it was read. `refused`: retrying the same documents can never succeed. */
export type WriteOutcome = 'written' | 'conflict' | { readonly refused: string };

/** The documents of one read model. */
export interface DocumentStore<Document> {
  /**
   * Reads all targets and their companions in one bulk request; returns the existing documents per target, by id. Throws
   * TransientFault.
   */
  read(targets: readonly Target[]): Promise<readonly ReadonlyMap<string, StoredDocument<Document>>[]>;
  /**
   * Reads what a first attempt needs: no companions, and of `unreadIds` only what is remembered. Remembered documents cost no request. Throws
   * TransientFault.
   */
  readFirst(targets: readonly Target[]): Promise<readonly ReadonlyMap<string, StoredDocument<Document>>[]>;
  /**
   * Returns one outcome per write, in order; an empty write is `written`. Single and independent documents share one bulk request; a
   * write of several other documents is a transactional batch. Of an independent write that ends in a conflict, some documents may be
   * written. Throws TransientFault.
   */
  write(writes: readonly PartitionWrite<Document>[]): Promise<readonly WriteOutcome[]>;
  /**
   * Finds documents of orders with an older copy of a customer, and for an erased customer all that are not erased yet. Yields their
   * keys in pages. Documents created during the search may or may not be found. Throws TransientFault.
   * @param partitionKey the logical partition that has them all; undefined: every physical partition is searched
   * @param withSame whether to find also the documents that already have this copy
   */
  findOlderCopies(
    copy: CustomerCopy,
    partitionKey: string | undefined,
    withSame: boolean,
  ): AsyncIterable<readonly DocumentKey[]>;
}
