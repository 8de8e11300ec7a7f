import { type IndexNames, NO_INDEX } from '../../../src/shared/search/index-names.ts';
import { type SearchDocument, toSearchDocument } from '../../../src/shared/search/search-document.ts';
import type { SearchList } from '../../../src/shared/search/search-lists.ts';
import type { IndexService, RecordPage } from '../../../src/sync/search/build-index.ts';
import type { IndexChanges, Refusals } from '../../../src/sync/search/index-records.ts';
import type { IndexStore, PendingRecord } from '../../../src/sync/search/index-store.ts';
import { SearchFault } from '../../../src/sync/search/search-fault.ts';
import type { Step } from '../projections/memory-documents.ts';
import type { ReadModel } from '../projections/projections.ts';

/** Indexes in memory for any number of concurrent writers. Each upload is one step, which may run long after it was sent. */
export class MemoryIndexes {
  readonly #indexes = new Map<string, Map<string, SearchDocument>>();

  constructor(...names: readonly string[]) {
    for (const name of names) this.#indexes.set(name, new Map());
  }

  documents(name: string): readonly SearchDocument[] {
    return [...(this.#indexes.get(name)?.values() ?? [])].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  upload =
    (step: Step) =>
    (name: string, { uploads, deletes }: IndexChanges): Promise<Refusals> =>
      step(`upload to ${name}`, () => {
        const index = this.#indexes.get(name);
        if (index === undefined) throw new SearchFault(`There is no ${name}.`);
        for (const document of uploads) index.set(document.key, document);
        for (const key of deletes) index.delete(key);
        return new Map();
      });

  service = (step: Step): IndexService => ({
    exists: (name) => step(`exists ${name}`, () => this.#indexes.has(name)),
    create: (name) => step(`create ${name}`, () => void this.#indexes.set(name, new Map())),
    delete: (name) => step(`delete ${name}`, () => void this.#indexes.delete(name)),
  });
}

/** The names and the pending records of one list in memory. */
export class MemoryIndexStore {
  names: IndexNames;
  #etag = 0;
  readonly #pending = new Map<string, PendingRecord & { readonly indexName: string }>();

  constructor(serving: string | null) {
    this.names = { ...NO_INDEX, serving };
  }

  seenBy(step: Step): IndexStore {
    return {
      names: () => step('read names', () => ({ names: this.names, etag: String(this.#etag) })),
      saveNames: (names, etag) =>
        step('save names', () => {
          if (etag !== String(this.#etag)) return undefined;
          this.names = names;
          return String(++this.#etag);
        }),
      addPending: (records, indexName) =>
        step('add pending', () => {
          for (const record of records) {
            const id = JSON.stringify([indexName, record.partitionKey, record.id]);
            this.#pending.set(id, { id, record, etag: String(++this.#etag), indexName });
          }
        }),
      pending: (indexName, after) =>
        step('read pending', () => {
          const found = this.#pendingOf(indexName).filter(({ id }) => id > after);
          return found.toSorted((one, other) => (one.id < other.id ? -1 : 1)).slice(0, 100);
        }),
      countPending: async (indexName) => this.#pendingOf(indexName).length,
      removePending: (records) =>
        step('remove pending', () => {
          for (const { id, etag } of records) {
            if (this.#pending.get(id)?.etag === etag) this.#pending.delete(id);
          }
        }),
    };
  }

  #pendingOf(name: string): readonly PendingRecord[] {
    return [...this.#pending.values()].filter(({ indexName }) => indexName === name);
  }
}

/** The records of a list in a read model as search documents, by key. */
export function searchDocumentsIn(list: SearchList, model: ReadModel<unknown>): readonly SearchDocument[] {
  return [...model]
    .flatMap(([partitionKey, documents]) => {
      const records = [...documents].filter(([id]) => list.isRecord(id));
      return records.flatMap(([id, record]) => toSearchDocument(list, { partitionKey, id }, record) ?? []);
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

/** Pages of a list's records in a read model, two records each. */
export function memoryPages(list: SearchList, model: () => ReadModel<unknown>, step: Step) {
  return (after: string | null): Promise<RecordPage> =>
    step('read page', () => {
      const all = [...model()].flatMap(([partitionKey, documents]) =>
        [...documents].flatMap(([id, document]) => {
          const found = list.isRecord(id) ? toSearchDocument(list, { partitionKey, id }, document) : undefined;
          return found === undefined ? [] : [{ record: { partitionKey, id }, sortKey: found.sortKey }];
        }),
      );
      const rest = all
        .filter(({ sortKey }) => after === null || sortKey < after)
        .toSorted((a, b) => (a.sortKey < b.sortKey ? 1 : -1));
      const page = rest.slice(0, 2);
      return {
        records: page.map(({ record }) => record),
        next: rest.length > page.length ? (page.at(-1)?.sortKey ?? null) : null,
      };
    });
}
