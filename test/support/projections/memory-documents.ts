import type { CustomerCopy } from '../../../src/shared/read-models/customer-copy.ts';
import type {
  DocumentStore,
  PartitionWrite,
  StoredDocument,
  WriteOutcome,
} from '../../../src/sync/projector/document-store.ts';
import { olderCopies, type ReadModel } from './projections.ts';

/** Carries out one step on the documents: when, and whether the caller hears of it, is the test's to decide. */
export type Step = <Result>(name: string, work: () => Result) => Promise<Result>;

/** Documents in memory, for any number of projectors at once: each read and each write is a step of its own. */
export class MemoryDocuments<Document> {
  readonly #partitions = new Map<string, Map<string, StoredDocument<Document>>>();
  #etags = 0;

  /** The documents as one projector sees them. */
  seenBy(step: Step): DocumentStore<Document> {
    return {
      read: (targets) =>
        Promise.all(
          targets.map(async ({ partitionKey, ids, companionId }) => {
            const keys = ids.map((id) => [partitionKey, id] as const);
            if (companionId !== undefined) keys.push([companionId, companionId]);
            const reads = keys.map(
              async ([key, id]) => [id, await step(`read ${id}`, () => this.#get(key, id))] as const,
            );
            const found = await Promise.all(reads);
            return new Map(found.flatMap(([id, stored]) => (stored === undefined ? [] : [[id, stored] as const])));
          }),
        ),
      write: (writes) =>
        Promise.all(
          writes.map((write) =>
            write.documents.length === 0
              ? Promise.resolve<WriteOutcome>('written')
              : step(`write ${write.partitionKey}`, () => this.#write(write)),
          ),
        ),
      findOlderCopies: (copy) => this.#find(copy, step),
    };
  }

  /** All documents, as `fold` gives them. */
  model(): ReadModel<Document> {
    const documents = (partition: ReadonlyMap<string, StoredDocument<Document>>) =>
      new Map([...partition].map(([id, { document }]) => [id, document]));
    return new Map([...this.#partitions].map(([key, partition]) => [key, documents(partition)]));
  }

  #get(partitionKey: string, id: string): StoredDocument<Document> | undefined {
    return this.#partitions.get(partitionKey)?.get(id);
  }

  #write({ partitionKey, documents }: PartitionWrite<Document>): WriteOutcome {
    const isStale = documents.some(({ id, stored }) => this.#get(partitionKey, id)?.etag !== stored?.etag);
    if (isStale) return 'conflict';
    const partition = this.#partitions.get(partitionKey) ?? new Map();
    this.#partitions.set(partitionKey, partition);
    for (const { id, document } of documents) partition.set(id, { document, etag: String(++this.#etags) });
    return 'written';
  }

  /** Looks at each document that exists by now at a moment of its own. */
  async *#find(copy: CustomerCopy, step: Step): AsyncGenerator<readonly string[]> {
    const ids = await step('find', () => [...this.#partitions.keys()]);
    for (const id of ids) {
      const found = await step(`look at ${id}`, () => olderCopies(this.model(), copy).includes(id));
      if (found) yield [id];
    }
  }
}
