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

  /** The documents as one projector sees them, which remembers what it has read and written. */
  seenBy(step: Step): DocumentStore<Document> {
    const remembered = new Map<string, StoredDocument<Document> | undefined>();
    const nameOf = (partitionKey: string, id: string) => JSON.stringify([partitionKey, id]);
    const read = async (partitionKey: string, id: string) => {
      const stored = await step(`read ${id}`, () => this.#get(partitionKey, id));
      remembered.set(nameOf(partitionKey, id), stored && { ...stored, isRemembered: true });
      return [id, stored] as const;
    };
    const readFirst = async (partitionKey: string, id: string) => {
      const stored = remembered.get(nameOf(partitionKey, id));
      return stored === undefined ? read(partitionKey, id) : ([id, stored] as const);
    };
    const all = async (reads: readonly Promise<readonly [string, StoredDocument<Document> | undefined]>[]) =>
      new Map(
        (await Promise.all(reads)).flatMap(([id, stored]) => (stored === undefined ? [] : [[id, stored] as const])),
      );
    return {
      read: (targets) =>
        Promise.all(
          targets.map(({ partitionKey, ids, companion }) => {
            const reads = ids.map((id) => read(partitionKey, id));
            return all(companion === undefined ? reads : [...reads, read(companion.partitionKey, companion.id)]);
          }),
        ),
      readFirst: (targets) =>
        Promise.all(
          targets.map(({ partitionKey, ids, unreadIds = [] }) =>
            all(ids.filter((id) => !unreadIds.includes(id)).map((id) => readFirst(partitionKey, id))),
          ),
        ),
      write: async (writes) => {
        const outcomes = await Promise.all(writes.map((write) => this.#writeAll(write, step)));
        for (const [index, { partitionKey, documents }] of writes.entries()) {
          for (const { id } of documents) {
            const stored = outcomes[index] === 'written' ? this.#get(partitionKey, id) : undefined;
            remembered.set(nameOf(partitionKey, id), stored && { ...stored, isRemembered: true });
          }
        }
        return outcomes;
      },
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
    for (const { id, document } of documents) {
      if (document === undefined) partition.delete(id);
      else partition.set(id, { document, etag: String(++this.#etags) });
    }
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
