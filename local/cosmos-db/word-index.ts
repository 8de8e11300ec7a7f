import { BTree } from './commonjs-modules.ts';
import { valueAt } from './index-values.ts';
import type { Path } from './query-syntax.ts';
import type { StoredDocument } from './stored-document.ts';

/** Resource ids of documents. Most words are in a single document, and need no array. */
type Rids = string | string[];

/** Documents by the texts in one of their arrays. */
export class WordIndex {
  readonly #path: Path;
  readonly #words: InstanceType<typeof BTree<string, Rids>>;

  constructor(path: Path, documents: Iterable<StoredDocument>) {
    this.#path = path;
    const found = new Map<string, Rids>();
    for (const document of documents) {
      for (const word of this.#wordsOf(document)) found.set(word, withRid(found.get(word), document.rid));
    }
    // Sorted first, because adding at the end is faster.
    this.#words = new BTree();
    for (const word of [...found.keys()].sort()) this.#words.set(word, found.get(word) ?? []);
  }

  /** Applies a change of a document. */
  replace(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    const [oldWords, newWords] = [before, after].map((document) => document && this.#wordsOf(document));
    for (const word of newWords ?? []) if (after !== undefined && !oldWords?.has(word)) this.#add(word, after.rid);
    for (const word of oldWords ?? []) if (before !== undefined && !newWords?.has(word)) this.#remove(word, before.rid);
  }

  /** Resource ids of the documents with a word that starts with a prefix; undefined when there are more than `max`. */
  find(prefix: string, max: number): ReadonlySet<string> | undefined {
    const found = new Set<string>();
    for (const rids of this.#startingWith(prefix)) {
      if (rids.length > max) return undefined;
      for (const rid of rids) found.add(rid);
      if (found.size > max) return undefined;
    }
    return found;
  }

  *#startingWith(prefix: string): Generator<readonly string[]> {
    for (const [word, rids] of this.#words.entries(prefix)) {
      if (!word.startsWith(prefix)) return;
      yield typeof rids === 'string' ? [rids] : rids;
    }
  }

  #add(word: string, rid: string): void {
    this.#words.set(word, withRid(this.#words.get(word), rid));
  }

  #remove(word: string, rid: string): void {
    const rids = this.#words.get(word);
    const others = typeof rids === 'object' ? removed(rids, rid) : [];
    if (others.length === 0) this.#words.delete(word);
  }

  #wordsOf({ value }: StoredDocument): ReadonlySet<string> {
    const words = valueAt(value, this.#path);
    return new Set(Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []);
  }
}

function withRid(rids: Rids | undefined, rid: string): Rids {
  if (rids === undefined) return rid;
  if (typeof rids === 'string') return [rids, rid];
  rids.push(rid);
  return rids;
}

function removed(rids: string[], rid: string): readonly string[] {
  const index = rids.indexOf(rid);
  if (index !== -1) rids.splice(index, 1);
  return rids;
}
