/** The documents of the Cosmos DB stand-in in this process: what the projections write goes there without HTTP. */
import type { ReadModelContainer } from '../../src/shared/read-models/containers.ts';
import type { CustomerCopy } from '../../src/shared/read-models/customer-copy.ts';
import type { Clock } from '../../src/shared/runtime.ts';
import type { DocumentKey, Target } from '../../src/sync/projections/projection.ts';
import { stampOf, toOutcome } from '../../src/sync/projector/document-operations.ts';
import type { DocumentStore, PartitionWrite, WriteOutcome } from '../../src/sync/projector/document-store.ts';
import { runAtomicBatch } from '../cosmos-db/atomic-batch.ts';
import { type BatchOperation, operationAnswer, runOperation } from '../cosmos-db/batch-operation.ts';
import type { ContainerDocuments, Partition } from '../cosmos-db/container-documents.ts';
import { isJsonObject, type Json, type StoredDocument } from '../cosmos-db/stored-document.ts';

/** The documents of one read model. Reads and writes do not give way, so that they never conflict. */
export function inProcessDocuments(
  documents: ContainerDocuments,
  { keyPrefix = [] }: ReadModelContainer,
  { now }: Pick<Clock, 'now'>,
): DocumentStore<unknown> {
  const copies = new CustomerCopies(documents);
  const partition = (partitionKey: string) => documents.partition(JSON.stringify([...keyPrefix, partitionKey]));
  const read = ({ partitionKey, id }: DocumentKey) => partition(partitionKey).get(id);
  // A read costs next to nothing here, so that a first attempt reads everything.
  const readAll = async (targets: readonly Target[]) =>
    targets.map(({ partitionKey, ids, companion }) => {
      const found = ids.map((id) => read({ partitionKey, id }));
      if (companion !== undefined) found.push(read(companion));
      return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.id, toStored(one)] as const])));
    });
  return {
    read: readAll,
    readFirst: readAll,
    write: async (writes) => {
      return writes.map((write) => {
        const outcome = writeAll(partition(write.partitionKey), write, now());
        if (outcome === 'written') for (const { document } of write.documents) copies.add(document);
        return outcome;
      });
    },
    findOlderCopies: async function* (copy) {
      const keys = copies.of(copy.customerId);
      yield keys.filter((key) => isOlder(read(key)?.value, copy));
    },
  };
}

const asJson = (document: unknown): Json => (isJsonObject(document) ? document : {});

const toStored = ({ value, etag }: StoredDocument) => ({ document: value, etag });

function writeAll(partition: Partition, write: PartitionWrite<unknown>, now: number): WriteOutcome {
  const operations = write.documents.map(({ id, document, stored }): BatchOperation => {
    if (document === undefined) return { operationType: 'Delete', id, ifMatch: stored?.etag };
    const resourceBody = { ...asJson(document), ...stampOf(document, stored?.document, now) };
    if (stored === undefined) return { operationType: 'Create', resourceBody };
    return { operationType: 'Replace', id, resourceBody, ifMatch: stored.etag };
  });
  if (!write.independent) return toOutcome(runAtomicBatch(partition, operations, true));
  return toOutcome(operations.map((one) => operationAnswer(one, runOperation(partition, one), true)));
}

/** The same condition as in the query of the store on Cosmos DB. */
function isOlder(document: Json | undefined, { customerVersion, customerErased }: CustomerCopy): boolean {
  if (document === undefined || document.customerErased !== undefined) return false;
  return customerErased === true || Number(document.customerVersion) < customerVersion;
}

/** Where the documents of a customer's orders are: searching the whole container for each customer would take hours. */
class CustomerCopies {
  readonly #keys = new Map<string, Map<string, DocumentKey>>();

  readonly #documents: ContainerDocuments;

  constructor(documents: ContainerDocuments) {
    this.#documents = documents;
    for (const { value } of documents.all()) this.add(value);
  }

  add(document: unknown): void {
    const { id, customerId, orderId } = asJson(document);
    if (typeof customerId !== 'string' || orderId === undefined) return;
    const keys = this.#keys.get(customerId) ?? new Map<string, DocumentKey>();
    this.#keys.set(customerId, keys);
    const key = { partitionKey: lastOf(this.#documents.partitionKeyOf(asJson(document))), id: String(id) };
    keys.set(JSON.stringify(key), key);
  }

  of(customerId: string): readonly DocumentKey[] {
    return [...(this.#keys.get(customerId)?.values() ?? [])];
  }
}

/** The last value of a partition key, before which all documents of a container have the same ones. */
function lastOf(key: string): string {
  const values: unknown = JSON.parse(key);
  return Array.isArray(values) ? String(values.at(-1)) : '';
}
