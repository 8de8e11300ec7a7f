import type { Container, JSONObject, OperationInput, OperationResponse, SqlQuerySpec } from '@azure/cosmos';
import { z } from 'zod';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { Target } from '../projections/projection.ts';
import { runBatch, runBulk, TransientFault } from './bulk.ts';

export interface StoredDocument<Document> {
  readonly document: Document;
  readonly etag: string;
}

/** Documents to write in one logical partition: all or none. */
export interface PartitionWrite<Document> {
  readonly partitionKey: string;
  readonly documents: readonly {
    readonly id: string;
    readonly document: Document;
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
   * Returns one outcome per write, in order; an empty write is `written`. Writes of a single document share one bulk request; a write
   * of several documents is a transactional batch. Throws TransientFault.
   */
  write(writes: readonly PartitionWrite<Document>[]): Promise<readonly WriteOutcome[]>;
  /**
   * Finds documents with an older copy of a customer, each in its own logical partition. Yields their ids in pages. Documents created
   * during the search may or may not be found. Throws TransientFault.
   */
  findOlderCopies(copy: CustomerCopy): AsyncIterable<readonly string[]>;
}

/** Maximum documents per page of a query, which are changed together. */
const PAGE_SIZE = 100;

/** A document store on a Cosmos DB container. Adds the fields of `stamp` to each document. */
export function cosmosDocumentStore<Document>(
  container: Container,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): DocumentStore<Document> {
  return {
    read: async (targets) => {
      // Each document is read once, even a companion that several targets share.
      const reads = new Map(targets.flatMap(keysOf).map((key) => [JSON.stringify(key), key]));
      const operations = [...reads.values()].map((key) => ({ operationType: 'Read' as const, ...key }));
      const responses = await runBulk(container, operations, runtime);
      const stored = new Map(
        [...reads].map(([name, { id }], index) => [name, toStored<Document>(id, responses[index])]),
      );
      return targets.map((target) => {
        const found = keysOf(target).map((key) => [key.id, stored.get(JSON.stringify(key))] as const);
        return new Map(found.flatMap(([id, document]) => (document === undefined ? [] : [[id, document] as const])));
      });
    },
    write: async (writes) => {
      const operations = writes.map((write) => toOperations(write, new Date(runtime.now()).toISOString()));
      const single = await runBulk(
        container,
        operations.flatMap((partition) => (partition.length === 1 ? partition : [])),
        runtime,
      );
      const remaining = single.values();
      return Promise.all(
        operations.map(async (partition, index) => {
          if (partition.length === 0) return 'written';
          if (partition.length === 1) return toOutcome([remaining.next().value]);
          return toOutcome(
            await runBatch(
              container,
              { operations: partition, partitionKey: writes[index]?.partitionKey ?? '' },
              runtime,
            ),
          );
        }),
      );
    },
    findOlderCopies: async function* (copy) {
      const pages = container.items.query<string>(olderCopies(copy), { maxItemCount: PAGE_SIZE }).getAsyncIterator();
      try {
        for await (const { resources } of pages) yield resources;
      } catch (cause) {
        throw new TransientFault(`Documents of a customer cannot be found in ${container.id}.`, { cause });
      }
    },
  };
}

function olderCopies({ customerId, customerVersion, customerErased }: CustomerCopy): SqlQuerySpec {
  const older = customerErased ? '' : 'AND c.customerVersion < @customerVersion';
  return {
    // Only documents of orders have an `orderId`.
    query: `SELECT VALUE c.id FROM c
      WHERE c.customerId = @customerId AND NOT IS_DEFINED(c.customerErased) ${older} AND IS_DEFINED(c.orderId)`,
    parameters: [
      { name: '@customerId', value: customerId },
      { name: '@customerVersion', value: customerVersion },
    ],
  };
}

function keysOf({
  partitionKey,
  ids,
  companionId,
}: Target): readonly { readonly partitionKey: string; readonly id: string }[] {
  const keys = ids.map((id) => ({ partitionKey, id }));
  return companionId === undefined ? keys : [...keys, { partitionKey: companionId, id: companionId }];
}

function toStored<Document>(id: string, response: OperationResponse | undefined): StoredDocument<Document> | undefined {
  if (response?.statusCode === 404) return undefined;
  const { eTag, resourceBody } = response ?? {};
  if (eTag === undefined || resourceBody === undefined) {
    throw new Error(`Reading document ${id} failed with status ${response?.statusCode}.`);
  }
  // Only this read model's projection writes to its container.
  return { document: resourceBody as Document, etag: eTag };
}

function toOperations<Document>(
  { partitionKey, documents }: PartitionWrite<Document>,
  time: string,
): readonly OperationInput[] {
  return documents.map(({ id, document, stored }) => {
    // The SDK accepts anything that JSON.stringify does, but its type requires an index signature.
    const resourceBody = { ...document, ...stamp(document, stored?.document, time) } as JSONObject;
    if (stored === undefined) return { operationType: 'Create', partitionKey, resourceBody };
    return { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: stored.etag };
  });
}

/**
 * When this version of the document was first written (`projectedAt`), and how often it was rewritten since with the same version
 * (`revision`, absent at first): for a late history entry, a change of its customer, or a new version of the projection.
 */
function stamp(document: unknown, stored: unknown, time: string) {
  const before = stamps.parse(stored ?? {});
  if (stored === undefined || stamps.parse(document).version !== before.version) {
    return { projectedAt: time, revision: undefined };
  }
  return { projectedAt: before.projectedAt, revision: (before.revision ?? 0) + 1 };
}

const stamps = z.object({
  version: z.number().optional(),
  projectedAt: z.string().optional(),
  revision: z.number().optional(),
});

/** Created or replaced by another writer, or deleted since the read. */
const CONFLICTS = new Set([404, 409, 412]);
/** In a batch: not executed, because another operation failed. */
const FAILED_DEPENDENCY = 424;

function toOutcome(responses: readonly (Pick<OperationResponse, 'statusCode'> | undefined)[]): WriteOutcome {
  const statuses = responses.map((response) => response?.statusCode ?? 0).filter((code) => code !== FAILED_DEPENDENCY);
  if (statuses.every((status) => status >= 200 && status < 300)) return 'written';
  if (statuses.some((status) => CONFLICTS.has(status))) return 'conflict';
  const failed = statuses.find((status) => status >= 300);
  if (failed === 413) return { refused: 'the document is larger than 2 MB' };
  if (failed === 400) return { refused: 'the database rejected the document as invalid' };
  throw new TransientFault(`A write failed with status ${failed}.`);
}
