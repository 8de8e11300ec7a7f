import { LRUCache } from 'lru-cache';
import { type IndexDefinition, OrderedIndex } from './ordered-index.ts';
import type { Path } from './query-syntax.ts';
import type { StoredDocument } from './stored-document.ts';
import { WordIndex } from './word-index.ts';

/** Each index costs memory and time per write, so only the most recently used ones of each kind are kept. */
const MAX_INDEXES = 16;

/** Documents by their resource ids, with the indexes that queries have needed. */
export class DocumentSet {
  /** In ascending order of the ids: new ids are higher than all before, and a Map keeps the place of a replaced entry. */
  readonly #byRid = new Map<string, StoredDocument>();
  #highestRid = '';
  readonly #ordered = new LRUCache<string, OrderedIndex>({ max: MAX_INDEXES });
  readonly #words = new LRUCache<string, WordIndex>({ max: MAX_INDEXES });

  get size(): number {
    return this.#byRid.size;
  }

  /** In ascending order of their resource ids. */
  all(): Iterable<StoredDocument> {
    return this.#byRid.values();
  }

  get(rid: string): StoredDocument | undefined {
    return this.#byRid.get(rid);
  }

  put(document: StoredDocument): void {
    const { rid } = document;
    const before = this.#byRid.get(rid);
    this.#replaceInIndexes(before, document);
    this.#byRid.set(rid, document);
    if (rid > this.#highestRid) this.#highestRid = rid;
    else if (before === undefined) this.#sort();
  }

  remove(rid: string): void {
    this.#replaceInIndexes(this.#byRid.get(rid), undefined);
    this.#byRid.delete(rid);
  }

  /** The index with this definition, which is built when it is first needed. */
  ordered(definition: IndexDefinition): OrderedIndex {
    return cached(this.#ordered, [definition.equal, definition.sort], () => new OrderedIndex(definition, this.all()));
  }

  /** The index of the texts in an array, which is built when it is first needed. */
  words(path: Path): WordIndex {
    return cached(this.#words, path, () => new WordIndex(path, this.all()));
  }

  #sort(): void {
    const sorted = [...this.#byRid].sort(([rid], [other]) => (rid < other ? -1 : 1));
    this.#byRid.clear();
    for (const [rid, document] of sorted) this.#byRid.set(rid, document);
  }

  #replaceInIndexes(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    for (const index of this.#ordered.values()) index.replace(before, after);
    for (const index of this.#words.values()) index.replace(before, after);
  }
}

function cached<Index extends object>(cache: LRUCache<string, Index>, key: unknown, build: () => Index): Index {
  const text = JSON.stringify(key);
  const known = cache.get(text);
  if (known !== undefined) return known;
  const index = build();
  cache.set(text, index);
  return index;
}
