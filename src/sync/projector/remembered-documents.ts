import type { OperationInput, OperationResponse } from '@azure/cosmos';
import { type ExpiringCache, expiringCache } from '../../shared/personal-data/expiring-cache.ts';
import type { Clock } from '../../shared/runtime.ts';
import type { DocumentKey } from '../projections/projection.ts';
import type { StoredDocument } from './document-store.ts';

interface Remembered<Document> {
  readonly stored: StoredDocument<Document>;
  readonly size: number;
}

/**
 * The documents that a process has read or written in the last five minutes, so that it need not read a document again that it has just
 * written. Another process may have changed or deleted them since. Forgets those first that were used least recently.
 */
export class RememberedDocuments<Document> {
  readonly #documents: ExpiringCache<Remembered<Document>> | undefined;

  /** @param maxSize of all documents together, in characters of JSON; 0 remembers none */
  constructor(maxSize: number, clock: Pick<Clock, 'monotonicMs' | 'timer'>) {
    if (maxSize > 0) this.#documents = expiringCache(maxSize, clock, ({ size }) => size);
  }

  get(key: DocumentKey): StoredDocument<Document> | undefined {
    return this.#documents?.get(nameOf(key))?.stored;
  }

  /** Remembers a document as it is now; undefined when there is none. */
  set(key: DocumentKey, stored: StoredDocument<Document> | undefined): void {
    if (this.#documents === undefined) return;
    this.#documents.delete(nameOf(key));
    if (stored !== undefined) this.#remember(key, stored, JSON.stringify(stored.document).length);
  }

  /** Remembers a document that was written; after a failure or a deletion none. */
  setWritten(key: DocumentKey, operation: OperationInput, response: OperationResponse | undefined): void {
    if (this.#documents === undefined) return;
    this.#documents.delete(nameOf(key));
    const { statusCode = 0, eTag: etag } = response ?? {};
    const body = 'resourceBody' in operation ? operation.resourceBody : undefined;
    if (body === undefined || etag === undefined || statusCode < 200 || statusCode >= 300) return;
    // As the database has it: without the properties that are undefined. Only this read model's projection writes to its container.
    const json = JSON.stringify(body);
    this.#remember(key, { document: JSON.parse(json) as Document, etag }, json.length);
  }

  #remember(key: DocumentKey, stored: StoredDocument<Document>, size: number): void {
    this.#documents?.set(nameOf(key), { stored: { ...stored, isRemembered: true }, size });
  }
}

const nameOf = ({ partitionKey, id }: DocumentKey): string => JSON.stringify([partitionKey, id]);
