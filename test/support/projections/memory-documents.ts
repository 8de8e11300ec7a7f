import type { CustomerCopy } from '../../../src/shared/read-models/customer-copy.ts';
import type { DocumentKey } from '../../../src/sync/projections/projection.ts';
import type {
  DocumentStore,
  PartitionWrite,
  StoredDocument,
  WriteOutcome,
} from '../../../src/sync/projector/document-store.ts';
import { olderCopies, type ReadModel } from './projections.ts';

/** Runs one step on the documents. A test decides when it runs and whether the caller gets the result. */
export type Step = <Result>(name: string, work: () => Result) => Promise<Result>;

/** Documents in memory for any number of concurrent projectors. Each read and each write is a separate step. */
export class MemoryDocuments<Document> {
  readonly #partitions = new Map<string, Map<string, StoredDocument<Document>>>();
  #etags = 0;

  /** The documents as one projector sees them. */
  seenBy(step: Step): DocumentStore<Document> {
    return {
      read: (targets) =>
        Promise.all(
          targets.map(async ({ partitionKey, ids, companion }) => {
            const keys = ids.map((id) => [partitionKey, id] as const);
            if (companion !== undefined) keys.push([companion.partitionKey, companion.id]);
            const reads = keys.map(
              async ([key, id]) => [id, await step(`read ${id}`, () => this.#get(key, id))] as const,
            );
            const found = await Promise.all(reads);
            return new Map(found.flatMap(([id, stored]) => (stored === undefined ? [] : [[id, stored] as const])));
          }),
        ),
      write: (writes) => Promise.all(writes.map((write) => this.#writeAll(write, step))),
      findOlderCopies: (copy) => this.#find(copy, step),
    };
  }

  /** All documents, in the form that `fold` returns. */
  model(): ReadModel<Document> {
    const documents = (partition: ReadonlyMap<string, StoredDocument<Document>>) =>
      new Map([...partition].map(([id, { document }]) => [id, document]));
    return new Map([...this.#partitions].map(([key, partition]) => [key, documents(partition)]));
  }

  #get(partitionKey: string, id: string): StoredDocument<Document> | undefined {
    return this.#partitions.get(partitionKey)?.get(id);
  }

  /** Independent documents are written in a step each. */
  async #writeAll({ independent, ...write }: PartitionWrite<Document>, step: Step): Promise<WriteOutcome> {
    const parts = independent ? write.documents.map((document) => ({ ...write, documents: [document] })) : [write];
    const outcomes: WriteOutcome[] = [];
    for (const part of parts.filter(({ documents }) => documents.length > 0)) {
      outcomes.push(await step(`write ${part.partitionKey}`, () => this.#write(part)));
    }
    return outcomes.find((outcome) => outcome !== 'written') ?? 'written';
  }

  #write({ partitionKey, documents }: PartitionWrite<Document>): WriteOutcome {
    const isStale = documents.some(({ id, stored }) => this.#get(partitionKey, id)?.etag !== stored?.etag);
    if (isStale) return 'conflict';
    const partition = this.#partitions.get(partitionKey) ?? new Map();
    this.#partitions.set(partitionKey, partition);
    for (const { id, document } of documents) partition.set(id, { document, etag: String(++this.#etags) });
    return 'written';
  }

  /** Checks each existing document in a separate step. */
  async *#find(copy: CustomerCopy, step: Step): AsyncGenerator<readonly DocumentKey[]> {
    const keys = await step('find', () => {
      return [...this.#partitions].flatMap(([partitionKey, documents]) =>
        [...documents.keys()].map((id) => ({ partitionKey, id })),
      );
    });
    for (const key of keys) {
      const isKey = ({ partitionKey, id }: DocumentKey) => partitionKey === key.partitionKey && id === key.id;
      const found = await step(`check ${key.id}`, () => olderCopies(this.model(), copy).some(isKey));
      if (found) yield [key];
    }
  }
}
