/** The documents of one container: by logical partition and id, and in the order of their creation. */
import { randomUUID } from 'node:crypto';
import type { ContainerStore } from './document-store.ts';
import { type CountTerms, termCounter } from './index-terms.ts';
import type { PartitionKeyRange, PhysicalPartitions } from './physical-partitions.ts';
import { isExpired } from './time-to-live.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A document as it is kept: with the system properties, and its size as UTF-8 JSON. */
export interface StoredDocument {
  readonly value: Json;
  readonly id: string;
  readonly etag: string;
  readonly rid: string;
  readonly bytes: number;
}

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
const MAX_KNOWN_RANGES = 100_000;

export class ContainerDocuments {
  /** As in the container's definition, which may change: see `isExpired`. */
  defaultTtl: number | undefined;
  /** By the container's indexing policy. By default, every property is indexed. */
  countTerms: CountTerms = termCounter();
  readonly #definition: ContainerDefinition;
  readonly #partitions = new Map<string, Map<string, StoredDocument>>();
  /** Resource ids ascend, and a Map keeps the place of a replaced entry: so this is always in the order of the ids. */
  readonly #byRid = new Map<string, StoredDocument>();
  /** By partition key: the hash costs more than the rest of a read. */
  readonly #ranges = new Map<string, PartitionKeyRange>();
  #lastRid = 0;

  constructor(definition: ContainerDefinition) {
    this.#definition = definition;
    for (const { partitionKey, document } of definition.store.load()) {
      const stored = storedDocument(document);
      this.#putInMemory(partitionKey, stored);
      this.#lastRid = Number.parseInt(stored.rid.slice(-RID_DIGITS), 36);
    }
  }

  get partitionKeyPaths(): readonly string[] {
    return this.#definition.partitionKeyPaths;
  }

  get partitions(): PhysicalPartitions {
    return this.#definition.partitions;
  }

  all(): Iterable<StoredDocument> {
    this.#removeExpired();
    return this.#byRid.values();
  }

  /** The documents of a physical partition. */
  *inRange({ id }: PartitionKeyRange): Iterable<StoredDocument> {
    for (const document of this.all()) if (this.rangeOf(this.partitionKeyOf(document.value)).id === id) yield document;
  }

  /** The physical partition of a partition key. */
  rangeOf(key: string): PartitionKeyRange {
    const known = this.#ranges.get(key);
    if (known !== undefined) return known;
    const range = this.partitions.of(key);
    if (this.#ranges.size >= MAX_KNOWN_RANGES) this.#ranges.clear();
    this.#ranges.set(key, range);
    return range;
  }

  /** @param key the partition key as the wire carries it: a JSON array of values, canonical by {@link canonicalKey}. */
  inPartition(key: string): Iterable<StoredDocument> {
    this.#removeExpired();
    return this.#partitions.get(key)?.values() ?? [];
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
      this.#definition.partitionKeyPaths.map((path) => {
        const value = valueAt(body, path);
        return value === undefined ? {} : value;
      }),
    );
  }

  #get(key: string, id: string): StoredDocument | undefined {
    const document = this.#partitions.get(key)?.get(id);
    if (document === undefined || !this.#isExpired(document)) return document;
    this.#remove(key, id);
    return undefined;
  }

  #isExpired({ value }: StoredDocument): boolean {
    return isExpired(value, this.defaultTtl, this.#definition.now());
  }

  /** The service removes them in the background, and returns none of them. Here they are removed when they are read. */
  #removeExpired(): void {
    if (this.defaultTtl === undefined) return;
    for (const document of [...this.#byRid.values()]) {
      if (this.#isExpired(document)) this.#remove(this.partitionKeyOf(document.value), document.id);
    }
  }

  #put(key: string, document: StoredDocument): void {
    this.#putInMemory(key, document);
    this.#definition.store.put(document.rid, { partitionKey: key, document: document.value });
  }

  #putInMemory(key: string, document: StoredDocument): void {
    const partition = this.#partitions.get(key) ?? new Map<string, StoredDocument>();
    this.#partitions.set(key, partition);
    partition.set(document.id, document);
    this.#byRid.set(document.rid, document);
  }

  #remove(key: string, id: string): void {
    const partition = this.#partitions.get(key);
    const document = partition?.get(id);
    if (partition === undefined || document === undefined) return;
    partition.delete(id);
    if (partition.size === 0) this.#partitions.delete(key);
    this.#byRid.delete(document.rid);
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

function storedDocument(value: Json): StoredDocument {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  return { value, id: String(value.id), etag: String(value._etag), rid: String(value._rid), bytes };
}

/** The partition key of a request in one spelling: escaped and plain non-ASCII characters become the same text. */
export function canonicalKey(header: string): string {
  return JSON.stringify(JSON.parse(header));
}

export function isJsonObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(body: Json, path: string): unknown {
  return path
    .slice(1)
    .split('/')
    .reduce<unknown>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);
}
