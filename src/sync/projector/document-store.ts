import type { Container, JSONObject, OperationInput, OperationResponse, SqlQuerySpec } from '@azure/cosmos';
import * as z from 'zod';
import type { ReadModelContainer } from '../../shared/read-models/containers.ts';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';
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
   * @param partitionKey the logical partition that has them all; undefined: every physical partition is searched
   */
  findOlderCopies(copy: CustomerCopy, partitionKey: string | undefined): AsyncIterable<readonly DocumentKey[]>;
}

/** Maximum transactional batches in progress at the same time: an order can have hundreds of products, each in its own partition. */
const MAX_CONCURRENT_WRITES = 100;
/** Maximum documents per page of a query, which are changed together. */
const PAGE_SIZE = 100;

/**
 * A document store on a Cosmos DB container. Adds the fields of `stampOf` to each document.
 * @param readModel which has the container
 */
export function cosmosDocumentStore<Document>(
  container: Container,
  { keyPrefix = [] }: ReadModelContainer,
  runtime: Pick<Runtime, 'now' | 'delay' | 'random'>,
): DocumentStore<Document> {
  const keyOf = (partitionKey: string) => (keyPrefix.length === 0 ? partitionKey : [...keyPrefix, partitionKey]);
  return {
    read: async (targets) => {
      // Each document is read once, even a companion that several targets share.
      const reads = new Map(targets.flatMap(keysOf).map((key) => [JSON.stringify(key), key]));
      const operations = [...reads.values()].map(({ partitionKey, id }) => {
        return { operationType: 'Read' as const, partitionKey: keyOf(partitionKey), id };
      });
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
      const operations = writes.map((write) => toOperations(write, keyOf(write.partitionKey), runtime.now()));
      const isBatch = (index: number) => (operations[index]?.length ?? 0) > 1 && !writes[index]?.independent;
      const bulk = operations.flatMap((partition, index) => (isBatch(index) ? [] : partition));
      const responses = (await runBulk(container, bulk, runtime)).values();
      const outcomeOf = async (partition: readonly OperationInput[], index: number) => {
        if (!isBatch(index)) return toOutcome(partition.map(() => responses.next().value));
        const batch = { operations: partition, partitionKey: keyOf(writes[index]?.partitionKey ?? '') };
        return toOutcome(await runBatch(container, batch, runtime));
      };
      const outcomes: WriteOutcome[] = [];
      for (let start = 0; start < operations.length; start += MAX_CONCURRENT_WRITES) {
        const some = operations.slice(start, start + MAX_CONCURRENT_WRITES);
        outcomes.push(...(await Promise.all(some.map((partition, index) => outcomeOf(partition, start + index)))));
      }
      return outcomes;
    },
    findOlderCopies: async function* (copy, within) {
      const options = { maxItemCount: PAGE_SIZE, ...(within !== undefined && { partitionKey: keyOf(within) }) };
      const found = container.items.query<FoundCopy>(olderCopies(copy), options).getAsyncIterator();
      try {
        for await (const { resources } of found) {
          yield resources.map(({ id, partition = id }) => ({ partitionKey: within ?? partition, id }));
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

function keysOf({ partitionKey, ids, companion }: Target): readonly DocumentKey[] {
  const keys = ids.map((id) => ({ partitionKey, id }));
  return companion === undefined ? keys : [...keys, companion];
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
  { documents }: PartitionWrite<Document>,
  partitionKey: string | string[],
  now: number,
): readonly OperationInput[] {
  return documents.map(({ id, document, stored }) => {
    // The SDK accepts anything that JSON.stringify does, but its type requires an index signature.
    const resourceBody = { ...document, ...stampOf(document, stored?.document, now) } as JSONObject;
    if (stored === undefined) return { operationType: 'Create', partitionKey, resourceBody };
    return { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: stored.etag };
  });
}

/**
 * What the store adds to a document. When this version of the document was first written (`projectedAt`), and how often it was rewritten since with the same version
 * (`revision`, absent at first): for a late history entry, a change of its customer, or a new version of the projection. And the seconds
 * that are left until `expiresAt` (`ttl`): a document that a replay writes later than that is gone at once.
 * @param now milliseconds since 1970
 */
export function stampOf(document: unknown, stored: unknown, now: number) {
  const before = stamps.parse(stored ?? {});
  const { version, expiresAt } = stamps.parse(document);
  const ttl = expiresAt === undefined ? undefined : Math.max(1, Math.ceil((Date.parse(expiresAt) - now) / 1_000));
  if (stored === undefined || version !== before.version) {
    return { projectedAt: new Date(now).toISOString(), revision: undefined, ttl };
  }
  return { projectedAt: before.projectedAt, revision: (before.revision ?? 0) + 1, ttl };
}

const stamps = z.object({
  version: z.number().optional(),
  projectedAt: z.string().optional(),
  revision: z.number().optional(),
  expiresAt: z.string().optional(),
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
