import type { Container, JSONObject } from '@azure/cosmos';
import { runBulk } from './bulk.ts';

/** Which document, in which logical partition. */
export interface DocumentKey {
  readonly id: string;
  readonly partitionKey: string;
}

export interface StoredDocument<Document> {
  readonly document: Document;
  readonly etag: string;
}

export interface DocumentWrite<Document> {
  readonly key: DocumentKey;
  readonly document: Document;
  /** Of the document that was read; absent: the document must not exist yet. */
  readonly etag: string | undefined;
}

/** `conflict`: someone else wrote the document since it was read. `refused`: it will never be taken, as it is. */
export type WriteOutcome = 'written' | 'conflict' | { readonly refused: string };

/** The documents of one read model: one bulk request to read, one to write. */
export interface DocumentStore<Document> {
  /** The documents that exist, by id. Throws TransientFault. */
  read(keys: readonly DocumentKey[]): Promise<ReadonlyMap<string, StoredDocument<Document>>>;
  /** One outcome per write, in order; each document is written whole or not at all. Throws TransientFault. */
  write(writes: readonly DocumentWrite<Document>[]): Promise<readonly WriteOutcome[]>;
}

/** The documents in a Cosmos DB container, each stamped with the time at which it was written (`projectedAt`). */
export function cosmosDocumentStore<Document>(container: Container, now: () => Date): DocumentStore<Document> {
  return {
    read: async (keys) => {
      const reads = keys.map(({ id, partitionKey }) => ({ operationType: 'Read' as const, id, partitionKey }));
      const responses = await runBulk(container, reads);
      const found = new Map<string, StoredDocument<Document>>();
      for (const [index, { id }] of keys.entries()) {
        const { statusCode, eTag, resourceBody } = responses[index] ?? { statusCode: 0 };
        if (statusCode === 404) continue;
        if (eTag === undefined || resourceBody === undefined)
          throw new Error(`Reading ${id} gave status ${statusCode}.`);
        // Only this read model's projection writes to its container.
        found.set(id, { document: resourceBody as Document, etag: eTag });
      }
      return found;
    },
    write: async (writes) => {
      const projectedAt = now().toISOString();
      const operations = writes.map((write) => toOperation(write, projectedAt));
      const responses = await runBulk(container, operations);
      return responses.map(({ statusCode }) => toOutcome(statusCode));
    },
  };
}

function toOperation<Document>(
  { key: { id, partitionKey }, document, etag }: DocumentWrite<Document>,
  projectedAt: string,
) {
  // The SDK takes anything that JSON.stringify takes, but its type demands an index signature.
  const resourceBody = { ...document, projectedAt } as JSONObject;
  if (etag === undefined) return { operationType: 'Create' as const, partitionKey, resourceBody };
  return { operationType: 'Replace' as const, id, partitionKey, resourceBody, ifMatch: etag };
}

function toOutcome(status: number): WriteOutcome {
  if (status >= 200 && status < 300) return 'written';
  // Created or replaced by another writer, or deleted since the read.
  if (status === 409 || status === 412 || status === 404) return 'conflict';
  return { refused: status === 413 ? 'the document is larger than 2 MB' : `the database answered ${status}` };
}
