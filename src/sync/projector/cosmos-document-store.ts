import type { Container, OperationInput, OperationResponse, SqlQuerySpec } from '@azure/cosmos';
import type { ReadModelContainer } from '../../shared/read-models/containers.ts';
import type { CustomerCopy } from '../../shared/read-models/customer-copy.ts';
import type { Runtime } from '../../shared/runtime.ts';
import type { DocumentKey, Target } from '../projections/projection.ts';
import { runBatch, runBulk, TransientFault } from './bulk.ts';
import { toOperations, toOutcome, toStored } from './document-operations.ts';
import type { DocumentStore, PartitionWrite, StoredDocument, WriteOutcome } from './document-store.ts';
import { RememberedDocuments } from './remembered-documents.ts';

/** Maximum transactional batches in progress at the same time: an order can have hundreds of products, each in its own partition. */
const MAX_CONCURRENT_WRITES = 100;
/** Maximum documents per page of a query, which are changed together. */
const PAGE_SIZE = 100;

/**
 * A document store on a Cosmos DB container. Adds the fields of `stampOf` to each document.
 * @param readModel the read model whose documents are in the container
 * @param rememberedSize maximum size of the documents that it remembers, in characters of JSON
 */
export function cosmosDocumentStore<Document>(
  container: Container,
  { keyPrefix = [] }: ReadModelContainer,
  runtime: Pick<Runtime, 'now' | 'monotonicMs' | 'timer' | 'delay' | 'random'>,
  rememberedSize = 0,
): DocumentStore<Document> {
  const keyOf = (partitionKey: string) => (keyPrefix.length === 0 ? partitionKey : [...keyPrefix, partitionKey]);
  const remembered = new RememberedDocuments<Document>(rememberedSize, runtime);
  const readAll = async (
    targets: readonly (readonly DocumentKey[])[],
    recall: (key: DocumentKey) => StoredDocument<Document> | undefined,
  ) => {
    // Each document is read once, even a companion that several targets share.
    const wanted = new Map(targets.flat().map((key) => [JSON.stringify(key), key]));
    const stored = new Map([...wanted].map(([name, key]) => [name, recall(key)]));
    const missing = [...wanted].filter(([name]) => stored.get(name) === undefined);
    const operations = missing.map(([, { partitionKey, id }]) => {
      return { operationType: 'Read' as const, partitionKey: keyOf(partitionKey), id };
    });
    const responses = await runBulk(container, operations, runtime);
    for (const [index, [name, key]] of missing.entries()) {
      const found = toStored<Document>(key.id, responses[index]);
      remembered.set(key, found);
      stored.set(name, found);
    }
    return targets.map((keys) => {
      const found = keys.map((key) => [key.id, stored.get(JSON.stringify(key))] as const);
      return new Map(found.flatMap(([id, document]) => (document === undefined ? [] : [[id, document] as const])));
    });
  };
  const outcomeOf = (
    { partitionKey, documents }: PartitionWrite<Document>,
    operations: readonly OperationInput[],
    responses: readonly (OperationResponse | undefined)[],
  ) => {
    for (const [index, operation] of operations.entries()) {
      const { id = '' } = documents[index] ?? {};
      remembered.setWritten({ partitionKey, id }, operation, responses[index]);
    }
    return toOutcome(responses);
  };
  return {
    read: (targets) => readAll(targets.map(keysOf), () => undefined),
    readFirst: (targets) =>
      readAll(
        targets.map((target) => firstKeysOf(target, (key) => remembered.get(key) !== undefined)),
        (key) => remembered.get(key),
      ),
    write: async (writes) => {
      const operations = writes.map((write) => toOperations(write, keyOf(write.partitionKey), runtime.now()));
      const isBatch = (index: number) => (operations[index]?.length ?? 0) > 1 && !writes[index]?.independent;
      const bulk = operations.flatMap((partition, index) => (isBatch(index) ? [] : partition));
      const responses = (await runBulk(container, bulk, runtime)).values();
      const run = async (write: PartitionWrite<Document>, index: number) => {
        const partition = operations[index] ?? [];
        const partitionKey = keyOf(write.partitionKey);
        const answers = isBatch(index)
          ? await runBatch(container, { operations: partition, partitionKey }, runtime)
          : partition.map(() => responses.next().value);
        return outcomeOf(write, partition, answers);
      };
      const outcomes: WriteOutcome[] = [];
      for (let start = 0; start < writes.length; start += MAX_CONCURRENT_WRITES) {
        const some = writes.slice(start, start + MAX_CONCURRENT_WRITES);
        outcomes.push(...(await Promise.all(some.map((write, index) => run(write, start + index)))));
      }
      return outcomes;
    },
    findOlderCopies: async function* (copy, within, withSame) {
      const options = { maxItemCount: PAGE_SIZE, ...(within !== undefined && { partitionKey: keyOf(within) }) };
      const found = container.items.query<FoundCopy>(olderCopies(copy, withSame), options).getAsyncIterator();
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

function olderCopies({ customerId, customerVersion, customerErased }: CustomerCopy, withSame: boolean): SqlQuerySpec {
  const notErased = customerErased && withSame ? '' : 'AND NOT IS_DEFINED(c.customerErased)';
  const older = customerErased ? '' : `AND c.customerVersion ${withSame ? '<=' : '<'} @customerVersion`;
  return {
    // Only documents of orders have an `orderId`.
    query: `SELECT c.id, c.partition FROM c
      WHERE c.customerId = @customerId ${notErased} ${older} AND IS_DEFINED(c.orderId)`,
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

/** What a first attempt reads. A document that is remembered costs no read. */
const firstKeysOf = (
  { partitionKey, ids, unreadIds = [] }: Target,
  isRemembered: (key: DocumentKey) => boolean,
): readonly DocumentKey[] => {
  const keys = ids.map((id) => ({ partitionKey, id }));
  return keys.filter((key) => !unreadIds.includes(key.id) || isRemembered(key));
};
