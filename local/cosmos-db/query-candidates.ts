/**
 * Finds the documents that a query may need, by indexes as far as its WHERE and ORDER BY allow. The engine still runs the whole query on
 * them. Either an index has them in the order of the query, so that reading ends when the page is full, or the index of another condition
 * finds only a few.
 */
import type { DocumentSet } from './document-set.ts';
import { compareValues, valueAt } from './index-values.ts';
import type { Filter, RangeFilter, ValuesFilter } from './query-filters.ts';
import type { SortProperty } from './query-syntax.ts';
import type { StoredDocument } from './stored-document.ts';

/** The documents that a query searches. */
export interface QuerySource {
  /** In ascending order of their resource ids. */
  all(): Iterable<StoredDocument>;
  /** The set that contains them, and the filters that select them in it. Undefined when all of them are read, without an index. */
  readonly indexed: { readonly set: DocumentSet; readonly filters: readonly ValuesFilter[] } | undefined;
}

export interface Wanted {
  readonly filters: readonly Filter[];
  /** Undefined when documents are sorted by something that no index has. */
  readonly sort: readonly SortProperty[] | undefined;
  /** Where a page starts: values of the sort and a resource id. */
  readonly after: readonly unknown[] | undefined;
  /** Results that the page needs, if they come in order. Infinity: all. */
  readonly limit: number;
}

export interface Candidates {
  readonly documents: Iterable<StoredDocument>;
  /** Results after which reading can end: the limit of {@link Wanted} if the documents are in the order of the query, else Infinity. */
  readonly limit: number;
}

/** Maximum properties with an index of their own. With more, a query would be slower than a scan. */
const MAX_PROPERTIES = 4;
/** Maximum combinations of values. Each is a scan of its own. */
const MAX_COMBINATIONS = 16;

export function candidatesFor(source: QuerySource, { filters, sort, after, limit }: Wanted): Candidates {
  const everything = { documents: source.all(), limit: Infinity };
  if (source.indexed === undefined) return everything;
  const { set, filters: own } = source.indexed;
  const equal = equalitiesOf([...own, ...filters]);
  const [first] = sort ?? [];
  const others = withFewProperties(selectiveFilters(filters, equal, first));
  const found = smallest(others, set, equal, limit === Infinity ? set.size : Math.ceil(Math.sqrt(limit * set.size)));
  if (found !== undefined) return { documents: withValues(present(found, set), own), limit: Infinity };
  const sortedLimit = sort === undefined ? Infinity : limit;
  if (equal.length === 0 && first === undefined && after === undefined) return { ...everything, limit: sortedLimit };
  const index = set.ordered({ equal: equal.map(({ path }) => path), sort: sort ?? [] });
  if (!index.isOrdered) return everything;
  const scan = { values: equal.map(({ values }) => values), range: first && limitsOf(filters, first), after };
  return { documents: present(index.scan(scan), set), limit: sortedLimit };
}

/** The filters by values that an index can have in its key: one for each property, with few combinations. */
function equalitiesOf(filters: readonly Filter[]): readonly ValuesFilter[] {
  let combinations = 1;
  const byPath = new Map<string, ValuesFilter>();
  for (const filter of filters) {
    if (filter.kind !== 'values' || byPath.has(keyOf(filter))) continue;
    if (combinations * filter.values.length > MAX_COMBINATIONS) continue;
    combinations *= filter.values.length;
    byPath.set(keyOf(filter), filter);
  }
  return [...byPath].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, filter]) => filter);
}

/** The filters that can leave fewer documents than a scan in order. `IS_DEFINED` is one of them only when there is nothing else to filter by. */
function selectiveFilters(
  filters: readonly Filter[],
  equal: readonly ValuesFilter[],
  first: SortProperty | undefined,
): readonly Filter[] {
  const others = filters.filter(
    (filter) =>
      (filter.kind !== 'values' || !equal.some((one) => keyOf(one) === keyOf(filter))) &&
      (filter.kind !== 'range' || first === undefined || keyOf(filter) !== keyOf(first)),
  );
  const limited = others.filter((filter) => filter.kind !== 'range' || isLimited(filter));
  return limited.length > 0 || filters.some((filter) => filter.kind === 'values') ? limited : others;
}

/** Leaves out the filters that would need too many indexes. */
function withFewProperties(filters: readonly Filter[]): readonly Filter[] {
  let chosen: ReadonlySet<string> = new Set();
  return filters.filter((filter) => {
    const all = new Set([...chosen, ...propertiesOf(filter)]);
    if (all.size > MAX_PROPERTIES) return false;
    chosen = all;
    return true;
  });
}

const propertiesOf = (filter: Filter): readonly string[] =>
  filter.kind === 'either' ? filter.filters.flatMap(propertiesOf) : [keyOf(filter)];

const isLimited = ({ from, to }: RangeFilter): boolean => from !== undefined || to !== undefined;

const keyOf = ({ path }: Pick<ValuesFilter, 'path'>): string => JSON.stringify(path);

/** The resource ids of the filter that leaves the fewest documents; undefined when each leaves more than `max`. */
function smallest(
  filters: readonly Filter[],
  set: DocumentSet,
  equal: readonly ValuesFilter[],
  max: number,
): ReadonlySet<string> | undefined {
  return filters.reduce<ReadonlySet<string> | undefined>(
    (best, filter) => find(filter, set, equal, best === undefined ? max : best.size - 1) ?? best,
    undefined,
  );
}

function find(
  filter: Filter,
  set: DocumentSet,
  equal: readonly ValuesFilter[],
  max: number,
): ReadonlySet<string> | undefined {
  if (max < 0) return undefined;
  const [paths, values] = [equal.map(({ path }) => path), equal.map((one) => one.values)];
  switch (filter.kind) {
    case 'prefix':
      return set.words(filter.path).find(filter.prefix, max);
    case 'range': {
      const index = set.ordered({ equal: paths, sort: [{ path: filter.path, isDescending: false }] });
      return index.find({ values, range: filter }, max);
    }
    case 'values': {
      const index = set.ordered({ equal: [...paths, filter.path], sort: [] });
      return index.find({ values: [...values, filter.values] }, max);
    }
    default:
      return union(filter.filters, (one) => find(one, set, equal, max), max);
  }
}

function union(
  filters: readonly Filter[],
  findOne: (filter: Filter) => ReadonlySet<string> | undefined,
  max: number,
): ReadonlySet<string> | undefined {
  const all = new Set<string>();
  for (const filter of filters) {
    const found = findOne(filter);
    if (found === undefined) return undefined;
    for (const rid of found) all.add(rid);
  }
  return all.size > max ? undefined : all;
}

/** The limits of the property that a query is sorted by. */
function limitsOf(filters: readonly Filter[], { path }: SortProperty): Pick<RangeFilter, 'from' | 'to'> {
  const ranges = filters.filter((filter) => filter.kind === 'range' && keyOf(filter) === keyOf({ path }));
  const limits = (end: 'from' | 'to') =>
    ranges
      .flatMap((range) => (range.kind === 'range' && range[end] !== undefined ? [range[end]] : []))
      .sort(compareValues);
  const [from, to] = [limits('from').at(-1), limits('to')[0]];
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function* present(rids: Iterable<string>, set: DocumentSet): Generator<StoredDocument> {
  for (const rid of rids) {
    const document = set.get(rid);
    if (document !== undefined) yield document;
  }
}

function* withValues(documents: Iterable<StoredDocument>, filters: readonly ValuesFilter[]): Generator<StoredDocument> {
  for (const document of documents) {
    const isMet = ({ path, values }: ValuesFilter) => values.some((value) => value === valueAt(document.value, path));
    if (filters.every(isMet)) yield document;
  }
}
