import { BTree } from './commonjs-modules.ts';
import { compareValues, isScalar, isUnordered, type Scalar, valueAt } from './index-values.ts';
import type { RangeFilter, ValuesFilter } from './query-filters.ts';
import type { Path, SortProperty } from './query-syntax.ts';
import type { StoredDocument } from './stored-document.ts';

/** What an index finds: the documents that have certain values in some properties, sorted by others. */
export interface IndexDefinition {
  readonly equal: readonly Path[];
  readonly sort: readonly SortProperty[];
}

export interface Scan {
  /** For each of the properties that are compared for equality, in the order of the definition. */
  readonly values: readonly ValuesFilter['values'][];
  /** Limits of the first property of the sort. */
  readonly range?: Pick<RangeFilter, 'from' | 'to'> | undefined;
  /** Where the scan starts: values of the sort and a resource id. */
  readonly after?: readonly unknown[] | undefined;
}

/** The values of the `equal` and `sort` properties, and the resource id. A key to search for can be shorter. */
type Key = readonly unknown[];

/** Documents by the values of some properties, sorted by others and then by their resource ids, as a query sorts them. */
export class OrderedIndex {
  readonly #definition: IndexDefinition;
  readonly #keys: InstanceType<typeof BTree<Key, undefined>>;
  #unordered = 0;

  constructor(definition: IndexDefinition, documents: Iterable<StoredDocument>) {
    this.#definition = definition;
    this.#keys = new BTree<Key, undefined>([], (one, other) => this.#compare(one, other) || one.length - other.length);
    const keys = Array.from(documents, (document) => this.#keyOf(document)).filter((key) => key !== undefined);
    for (const key of keys.sort((one, other) => this.#compare(one, other))) this.#add(key);
  }

  /** False when the order is not defined, because a value of the sort is an array. */
  get isOrdered(): boolean {
    return this.#unordered === 0;
  }

  /** Applies a change of a document. */
  replace(before: StoredDocument | undefined, after: StoredDocument | undefined): void {
    const [oldKey, newKey] = [before && this.#keyOf(before), after && this.#keyOf(after)];
    if (oldKey !== undefined && newKey !== undefined && this.#compare(oldKey, newKey) === 0) return;
    if (oldKey !== undefined) this.#remove(oldKey);
    if (newKey !== undefined) this.#add(newKey);
  }

  /** Resource ids of the documents that have one of the combinations of values, in order. */
  *scan({ values, range, after }: Scan): Generator<string> {
    const streams = combinations(values).map((combination) => this.#stream(combination, range, after));
    const { equal } = this.#definition;
    const compare = (one: Key, other: Key) => this.#compare(one, other, equal.length);
    const [first, ...others] = streams;
    const keys = first !== undefined && others.length === 0 ? first : merged(streams, compare);
    for (const key of keys) yield String(key.at(-1));
  }

  /** Resource ids of all documents of a scan, in no particular order; undefined when there are more than `max`. */
  find({ values, range }: Omit<Scan, 'after'>, max: number): ReadonlySet<string> | undefined {
    const found = new Set<string>();
    for (const combination of combinations(values)) {
      for (const key of this.#stream(combination, range)) {
        if (found.size >= max) return undefined;
        found.add(String(key.at(-1)));
      }
    }
    return found;
  }

  *#stream(values: Key, { from, to }: NonNullable<Scan['range']> = {}, after?: Key): Generator<Key> {
    const [low, high] = this.#definition.sort[0]?.isDescending ? [to, from] : [from, to];
    const limit = low === undefined ? values : [...values, low];
    const position = after === undefined ? limit : [...values, ...after];
    const last = high === undefined ? values : [...values, high];
    for (const key of this.#keys.keys(this.#compare(limit, position) > 0 ? limit : position)) {
      if (this.#compare(key, last) > 0) return;
      yield key;
    }
  }

  #add(key: Key): void {
    if (this.#keys.set(key, undefined) && key.some(isUnordered)) this.#unordered += 1;
  }

  #remove(key: Key): void {
    if (this.#keys.delete(key) && key.some(isUnordered)) this.#unordered -= 1;
  }

  /** Undefined for a document that no query of this index finds: a sort by a single property leaves out documents without it. */
  #keyOf({ value, rid }: StoredDocument): Key | undefined {
    const { equal, sort } = this.#definition;
    const values = equal.map((path) => valueAt(value, path));
    const sorted = sort.map(({ path }) => valueAt(value, path));
    if (!values.every(isScalar) || (sorted.length === 1 && sorted[0] === undefined)) return undefined;
    return [...values, ...sorted, rid];
  }

  /** Compares what both keys have, from a position on. */
  #compare(one: Key, other: Key, start = 0): number {
    const { equal, sort } = this.#definition;
    const length = Math.min(one.length, other.length);
    for (let index = start; index < length; index += 1) {
      const compared = compareValues(one[index], other[index]);
      if (compared !== 0) return sort[index - equal.length]?.isDescending ? -compared : compared;
    }
    return 0;
  }
}

function combinations(values: Scan['values']): readonly (readonly Scalar[])[] {
  return values.reduce<readonly (readonly Scalar[])[]>(
    (all, some) => all.flatMap((one) => some.map((value) => [...one, value])),
    [[]],
  );
}

/** Merges streams that are sorted in the same order. */
function* merged(streams: readonly Generator<Key>[], compare: (one: Key, other: Key) => number): Generator<Key> {
  const heads = streams.map((stream) => ({ stream, next: stream.next() }));
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const [first, ...others] = open;
    if (first === undefined) return;
    const least = others.reduce((one, other) => (compare(other.next.value, one.next.value) < 0 ? other : one), first);
    yield least.next.value;
    least.next = least.stream.next();
  }
}
