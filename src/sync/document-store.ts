import type { Container, JSONObject, OperationInput, OperationResponse } from '@azure/cosmos';
import { runBatch, runBulk, TransientFault } from './bulk.ts';
import type { Target } from './projection.ts';

export interface StoredDocument<Document> {
  readonly document: Document;
  readonly etag: string;
}

/** Documents to write in one logical partition: all of them, or none. */
export interface PartitionWrite<Document> {
  readonly partitionKey: string;
  readonly documents: readonly {
    readonly id: string;
    readonly document: Document;
    /** Of the document that was read; undefined: the document must not exist yet. */
    readonly etag: string | undefined;
  }[];
}

/** `conflict`: someone else wrote a document since it was read. `refused`: the documents will never be taken as they are. */
export type WriteOutcome = 'written' | 'conflict' | { readonly refused: string };

/** The documents of one read model. */
export interface DocumentStore<Document> {
  /** Reads all targets in one bulk request; per target the documents that exist, by id. Throws TransientFault. */
  read(targets: readonly Target[]): Promise<readonly ReadonlyMap<string, StoredDocument<Document>>[]>;
  /**
   * One outcome per write, in order; a write of nothing is `written`. Single documents go in one bulk request, several of one
   * partition in a transactional batch each. Throws TransientFault.
   */
  write(writes: readonly PartitionWrite<Document>[]): Promise<readonly WriteOutcome[]>;
}

/** The documents in a Cosmos DB container, each stamped with the time at which it was written (`projectedAt`). */
export function cosmosDocumentStore<Document>(container: Container, now: () => Date): DocumentStore<Document> {
  return {
    read: async (targets) => {
      const keys = targets.flatMap(({ partitionKey, ids }) => ids.map((id) => ({ partitionKey, id })));
      const responses = await runBulk(
        container,
        keys.map((key) => ({ operationType: 'Read' as const, ...key })),
      );
      const remaining = responses.values();
      return targets.map(({ ids }) => {
        const found = ids.map((id) => [id, toStored<Document>(id, remaining.next().value)] as const);
        return new Map(found.flatMap(([id, stored]) => (stored === undefined ? [] : [[id, stored] as const])));
      });
    },
    write: async (writes) => {
      const projectedAt = now().toISOString();
      const operations = writes.map((write) => toOperations(write, projectedAt));
      const single = await runBulk(
        container,
        operations.flatMap((partition) => (partition.length === 1 ? partition : [])),
      );
      const remaining = single.values();
      return Promise.all(
        operations.map(async (partition, index) => {
          if (partition.length === 0) return 'written';
          if (partition.length === 1) return toOutcome([remaining.next().value]);
          return toOutcome(await runBatch(container, partition, writes[index]?.partitionKey ?? ''));
        }),
      );
    },
  };
}

function toStored<Document>(id: string, response: OperationResponse | undefined): StoredDocument<Document> | undefined {
  if (response?.statusCode === 404) return undefined;
  const { eTag, resourceBody } = response ?? {};
  if (eTag === undefined || resourceBody === undefined) {
    throw new Error(`Reading the document ${id} gave status ${response?.statusCode}.`);
  }
  // Only this read model's projection writes to its container.
  return { document: resourceBody as Document, etag: eTag };
}

function toOperations<Document>(
  { partitionKey, documents }: PartitionWrite<Document>,
  projectedAt: string,
): readonly OperationInput[] {
  return documents.map(({ id, document, etag }) => {
    // The SDK takes anything that JSON.stringify takes, but its type demands an index signature.
    const resourceBody = { ...document, projectedAt } as JSONObject;
    if (etag === undefined) return { operationType: 'Create', partitionKey, resourceBody };
    return { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: etag };
  });
}

/** Created or replaced by another writer, or deleted since the read. */
const CONFLICTS = new Set([404, 409, 412]);
/** In a batch: not carried out, because another operation failed. */
const FAILED_DEPENDENCY = 424;

function toOutcome(responses: readonly (Pick<OperationResponse, 'statusCode'> | undefined)[]): WriteOutcome {
  const statuses = responses.map((response) => response?.statusCode ?? 0).filter((code) => code !== FAILED_DEPENDENCY);
  if (statuses.every((status) => status >= 200 && status < 300)) return 'written';
  if (statuses.some((status) => CONFLICTS.has(status))) return 'conflict';
  const failed = statuses.find((status) => status >= 300);
  if (failed === 413) return { refused: 'the document is larger than 2 MB' };
  if (failed === 400) return { refused: 'the database takes no such document' };
  throw new TransientFault(`A write was answered with status ${failed}.`);
}
