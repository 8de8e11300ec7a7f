import type { OperationInput, OperationResponse } from '@azure/cosmos';
import type { DocumentKey } from '../projections/projection.ts';
import type { StoredDocument } from './document-store.ts';

interface Remembered<Document> {
  readonly stored: StoredDocument<Document>;
  readonly size: number;
}

/**
 * The documents that a process has read or written last, so that it need not read a document again that it has just written. Another
 * process may have changed or deleted them since. Forgets those that were used least recently.
 */
export class RememberedDocuments<Document> {
  readonly #documents = new Map<string, Remembered<Document>>();
  readonly #maxSize: number;
  #size = 0;

  /** @param maxSize of all documents together, in characters of JSON */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  get(key: DocumentKey): StoredDocument<Document> | undefined {
    const name = nameOf(key);
    const found = this.#documents.get(name);
    if (found === undefined) return undefined;
    this.#documents.delete(name);
    this.#documents.set(name, found);
    return found.stored;
  }

  /** Remembers a document as it is now; undefined when there is none. */
  set(key: DocumentKey, stored: StoredDocument<Document> | undefined): void {
    if (this.#maxSize === 0) return;
    const name = nameOf(key);
    this.#forget(name);
    if (stored !== undefined) this.#remember(name, stored, JSON.stringify(stored.document).length);
  }

  /** Remembers a document that was written; after a failure or a deletion none. */
  setWritten(key: DocumentKey, operation: OperationInput, response: OperationResponse | undefined): void {
    if (this.#maxSize === 0) return;
    const name = nameOf(key);
    this.#forget(name);
    const { statusCode = 0, eTag: etag } = response ?? {};
    const body = 'resourceBody' in operation ? operation.resourceBody : undefined;
    if (body === undefined || etag === undefined || statusCode < 200 || statusCode >= 300) return;
    // As the database has it: without the properties that are undefined. Only this read model's projection writes to its container.
    const json = JSON.stringify(body);
    this.#remember(name, { document: JSON.parse(json) as Document, etag }, json.length);
  }

  #remember(name: string, stored: StoredDocument<Document>, size: number): void {
    this.#documents.set(name, { stored: { ...stored, isRemembered: true }, size });
    this.#size += size;
    for (const oldest of this.#documents.keys()) {
      if (this.#size <= this.#maxSize) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#size -= this.#documents.get(name)?.size ?? 0;
    this.#documents.delete(name);
  }
}

const nameOf = ({ partitionKey, id }: DocumentKey): string => JSON.stringify([partitionKey, id]);
