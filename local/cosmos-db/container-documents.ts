/** The documents of one container: by logical partition and id, and by physical partition. */
import { randomUUID } from 'node:crypto';
import { DocumentSet } from './document-set.ts';
import type { ContainerStore } from './document-store.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { type CountTerms, termCounter } from './index-terms.ts';
import { isScalar, valueAt } from './index-values.ts';
import type { PartitionKeyRange, PhysicalPartitions } from './physical-partitions.ts';
import type { QuerySource } from './query-candidates.ts';
import { type Json, LoadedDocument, type StoredDocument, storedDocument } from './stored-document.ts';
import { expiresAt } from './time-to-live.ts';

/** One logical partition, as operations see it: the stored one, or a staged copy of it. */
export interface Partition {
  get(id: string): StoredDocument | undefined;
  put(document: StoredDocument): void;
  remove(id: string): void;
  /** True if the partition key in the document's body is this partition's. */
  owns(body: Json): boolean;
  /** The number of index terms that a write changes. */
  readonly countTerms: CountTerms;
  /** Adds the system properties: those of `previous` where they last, else new ones. */
  stamp(body: Json, previous?: StoredDocument): StoredDocument;
}

export interface ContainerDefinition {
  readonly rid: string;
  readonly self: string;
  /** Paths as in the container's definition: `/customerId`; several for a hierarchical key. */
  readonly partitionKeyPaths: readonly string[];
  readonly store: ContainerStore;
  readonly partitions: PhysicalPartitions;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Characters of a document's own part of its resource id. */
const RID_DIGITS = 8;
/** Up to this many documents of a logical partition are read faster one by one than by an index. */
const MAX_SCANNED = 100;

export class ContainerDocuments {
  /** By the container's indexing policy. By default, every property is indexed. */
  countTerms: CountTerms = termCounter();
  readonly #definition: ContainerDefinition;
  readonly #keyPaths: readonly (readonly string[])[];
  /** By partition key, then by id. */
  readonly #partitions = new Map<string, Map<string, StoredDocument>>();
  /** By the id of their physical partition. */
  readonly #sets: ReadonlyMap<string, DocumentSet>;
  #defaultTtl: number | undefined;
  /** Undefined when no document expires. */
  #expiry: ExpiryQueue | undefined;
  #lastRid = 0;

  constructor(definition: ContainerDefinition) {
    this.#definition = definition;
    this.#keyPaths = definition.partitionKeyPaths.map((path) => path.slice(1).split('/'));
    this.#sets = new Map(definition.partitions.ranges.map(({ id }) => [id, new DocumentSet()]));
    for (const { partitionKey, ...document } of definition.store.load()) {
      this.#putInMemory(partitionKey, new LoadedDocument(document));
      this.#lastRid = Number.parseInt(document.rid.slice(-RID_DIGITS), 36);
    }
  }

  get partitionKeyPaths(): readonly string[] {
    return this.#definition.partitionKeyPaths;
  }

  get partitions(): PhysicalPartitions {
    return this.#definition.partitions;
  }

  /** As in the container's definition, which may change: see `expiresAt`. */
  set defaultTtl(seconds: number | undefined) {
    if (seconds === this.#defaultTtl) return;
    this.#defaultTtl = seconds;
    this.#expiry = seconds === undefined ? undefined : new ExpiryQueue(seconds, this.#inMemory());
  }

  all(): Iterable<StoredDocument> {
    this.#removeExpired();
    return this.#inMemory();
  }

  /** The documents of a physical partition. */
  inRange({ id }: PartitionKeyRange): QuerySource {
    this.#removeExpired();
    const set = this.#setOf(id);
    return { all: () => set.all(), indexed: { set, filters: [] } };
  }

  /** @param key the partition key as the wire carries it: a JSON array of values, canonical by `canonicalKey`. */
  inPartition(key: string): QuerySource {
    this.#removeExpired();
    const partition = this.#partitions.get(key) ?? new Map<string, StoredDocument>();
    const all = () => partition.values();
    const values: readonly unknown[] = JSON.parse(key);
    if (partition.size <= MAX_SCANNED || !values.every(isScalar)) return { all, indexed: undefined };
    const filters = values.map((value, index) => {
      const path = this.#keyPaths[index] ?? [];
      return { kind: 'values' as const, path, values: [value] };
    });
    return { all, indexed: { set: this.#setOf(this.rangeOf(key).id), filters } };
  }

  /** The physical partition of a partition key. */
  rangeOf(key: string): PartitionKeyRange {
    return this.partitions.of(key);
  }

  partition(key: string): Partition {
    return {
      get: (id) => this.#get(key, id),
      put: (document) => this.#put(key, document),
      remove: (id) => this.#remove(key, id),
      owns: (body) => this.partitionKeyOf(body) === key,
      countTerms: this.countTerms,
      stamp: (body, previous) => this.#stamp(body, previous),
    };
  }

  /** The partition key in a document's body; a missing value is `{}`, as on the wire. */
  partitionKeyOf(body: Json): string {
    return JSON.stringify(
      this.#keyPaths.map((path) => {
        const value = valueAt(body, path);
        return value === undefined ? {} : value;
      }),
    );
  }

  *#inMemory(): Iterable<StoredDocument> {
    for (const set of this.#sets.values()) yield* set.all();
  }

  #setOf(rangeId: string): DocumentSet {
    const set = this.#sets.get(rangeId);
    if (set === undefined) throw new Error(`There is no partition key range ${rangeId}.`);
    return set;
  }

  #get(key: string, id: string): StoredDocument | undefined {
    const document = this.#partitions.get(key)?.get(id);
    if (document === undefined || !this.#isExpired(document)) return document;
    this.#remove(key, id);
    return undefined;
  }

  #isExpired({ value }: StoredDocument): boolean {
    const seconds = expiresAt(value, this.#defaultTtl);
    return seconds !== undefined && seconds <= this.#definition.now() / 1000;
  }

  /** The service removes them in the background, and returns none of them. Here they are removed when documents are read. */
  #removeExpired(): void {
    for (const { value, id } of this.#expiry?.expired(this.#definition.now()) ?? []) {
      this.#remove(this.partitionKeyOf(value), id);
    }
  }

  #put(key: string, document: StoredDocument): void {
    this.#putInMemory(key, document);
    this.#definition.store.put(document, key);
  }

  #putInMemory(key: string, document: StoredDocument): void {
    const partition = this.#partitions.get(key) ?? new Map<string, StoredDocument>();
    this.#partitions.set(key, partition);
    this.#expiry?.replace(partition.get(document.id), document);
    partition.set(document.id, document);
    this.#setOf(this.rangeOf(key).id).put(document);
  }

  #remove(key: string, id: string): void {
    const partition = this.#partitions.get(key);
    const document = partition?.get(id);
    if (partition === undefined || document === undefined) return;
    partition.delete(id);
    if (partition.size === 0) this.#partitions.delete(key);
    this.#expiry?.replace(document, undefined);
    this.#setOf(this.rangeOf(key).id).remove(document.rid);
    this.#definition.store.remove(document.rid);
  }

  #stamp(body: Json, previous: StoredDocument | undefined): StoredDocument {
    const rid = previous?.rid ?? this.#nextRid();
    const _etag = `"${randomUUID()}"`;
    const _self = `${this.#definition.self}docs/${rid}/`;
    const _ts = Math.floor(this.#definition.now() / 1000);
    return storedDocument({ ...body, _rid: rid, _self, _etag, _attachments: 'attachments/', _ts });
  }

  /** Sortable as text, because continuation tokens compare resource ids. */
  #nextRid(): string {
    this.#lastRid += 1;
    return `${this.#definition.rid}${this.#lastRid.toString(36).padStart(RID_DIGITS, '0')}`;
  }
}
