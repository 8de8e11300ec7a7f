import type { Container, JSONObject, OperationInput, OperationResponse, SqlQuerySpec } from '@azure/cosmos';
import * as z from 'zod';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { Target } from '../projections/projection.ts';
import { runBatch, runBulk, TransientFault } from './bulk.ts';

export interface StoredDocument<Document> {
  readonly document: Document;
  readonly etag: string;
}

/** Documents to write in one logical partition: all or none, unless they are independent. */
export interface PartitionWrite<Document> {
  readonly partitionKey: string;
  readonly independent?: true | undefined;
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
   * Returns one outcome per write, in order; an empty write is `written`. Single and independent documents share one bulk request; a
   * write of several other documents is a transactional batch. Of an independent write that ends in a conflict, some documents may be
   * written. Throws TransientFault.
   */
  write(writes: readonly PartitionWrite<Document>[]): Promise<readonly WriteOutcome[]>;
  /**
   * Finds documents of orders with an older copy of a customer, and for an erased customer all that are not erased yet. Yields their
   * keys in pages. Documents created during the search may or may not be found. Throws TransientFault.
   */
  findOlderCopies(copy: CustomerCopy): AsyncIterable<readonly DocumentKey[]>;
}

export interface DocumentKey {
  readonly partitionKey: string;
  readonly id: string;
}

/** Maximum transactional batches in progress at the same time: an order can have hundreds of products, each in its own partition. */
const MAX_CONCURRENT_WRITES = 100;
/** Maximum documents per page of a query, which are changed together. */
const PAGE_SIZE = 100;

/** A document store on a Cosmos DB container. Adds the fields of `stampOf` to each document. */
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
      const isBatch = (index: number) => (operations[index]?.length ?? 0) > 1 && !writes[index]?.independent;
      const bulk = operations.flatMap((partition, index) => (isBatch(index) ? [] : partition));
      const responses = (await runBulk(container, bulk, runtime)).values();
      const outcomeOf = async (partition: readonly OperationInput[], index: number) => {
        if (!isBatch(index)) return toOutcome(partition.map(() => responses.next().value));
        const batch = { operations: partition, partitionKey: writes[index]?.partitionKey ?? '' };
        return toOutcome(await runBatch(container, batch, runtime));
      };
      const outcomes: WriteOutcome[] = [];
      for (let start = 0; start < operations.length; start += MAX_CONCURRENT_WRITES) {
        const some = operations.slice(start, start + MAX_CONCURRENT_WRITES);
        outcomes.push(...(await Promise.all(some.map((partition, index) => outcomeOf(partition, start + index)))));
      }
      return outcomes;
    },
    findOlderCopies: async function* (copy) {
      const found = container.items.query<FoundCopy>(olderCopies(copy), { maxItemCount: PAGE_SIZE }).getAsyncIterator();
      try {
        for await (const { resources } of found) {
          yield resources.map(({ id, partition: partitionKey = id }) => ({ partitionKey, id }));
        }
      } catch (cause) {
        throw new TransientFault(`Documents of a customer cannot be found in ${container.id}.`, { cause });
      }
    },
  };
}

/** Documents of a container without a property `partition` have their id as the partition key. */
interface FoundCopy {
  readonly id: string;
  readonly partition?: string;
}

function olderCopies({ customerId, customerVersion, customerErased }: CustomerCopy): SqlQuerySpec {
  const older = customerErased ? '' : 'AND c.customerVersion < @customerVersion';
  return {
    // Only documents of orders have an `orderId`.
    query: `SELECT c.id, c.partition FROM c
      WHERE c.customerId = @customerId AND NOT IS_DEFINED(c.customerErased) ${older} AND IS_DEFINED(c.orderId)`,
    parameters: [
      { name: '@customerId', value: customerId },
      { name: '@customerVersion', value: customerVersion },
    ],
  };
}

function keysOf({ partitionKey, ids, companionId }: Target): readonly DocumentKey[] {
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
    const resourceBody = { ...document, ...stampOf(document, stored?.document, time) } as JSONObject;
    if (stored === undefined) return { operationType: 'Create', partitionKey, resourceBody };
    return { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: stored.etag };
  });
}

/**
 * When this version of the document was first written (`projectedAt`), and how often it was rewritten since with the same version
 * (`revision`, absent at first): for a late history entry, a change of its customer, or a new version of the projection.
 */
export function stampOf(document: unknown, stored: unknown, time: string) {
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

/** The outcome of the operations of one write. Throws TransientFault. */
export function toOutcome(responses: readonly (Pick<OperationResponse, 'statusCode'> | undefined)[]): WriteOutcome {
  const statuses = responses.map((response) => response?.statusCode ?? 0).filter((code) => code !== FAILED_DEPENDENCY);
  if (statuses.every((status) => status >= 200 && status < 300)) return 'written';
  if (statuses.some((status) => CONFLICTS.has(status))) return 'conflict';
  const failed = statuses.find((status) => status >= 300);
  if (failed === 413) return { refused: 'the document is larger than 2 MB' };
  if (failed === 400) return { refused: 'the database rejected the document as invalid' };
  throw new TransientFault(`A write failed with status ${failed}.`);
}
