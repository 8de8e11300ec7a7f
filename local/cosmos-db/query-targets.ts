/** Which partition keys the documents of a query can have, as its WHERE clause says. */
import { effectivePartitionKey } from './partition-key-hash.ts';
import { ALL_KEYS, type KeyRange } from './physical-partitions.ts';
import { equalitiesOf } from './query-filters.ts';
import { conditionsOf, documentNameOf, type ParsedQuery } from './query-syntax.ts';

export interface QueryTargets {
  /** Sorted, without overlaps. */
  readonly ranges: readonly KeyRange[];
  /** The name of the document in the query: `c` in `FROM c`. */
  readonly document: string;
  /** The only partition key that the query asks for, as a JSON array of all its values. */
  readonly onlyKey: string | undefined;
}

/**
 * A filter counts where all of WHERE depends on it: `c.customerId = @id`, and `c.readModel IN ('a', 'b')`. A hierarchical key may lack
 * its last values.
 * @param paths of the partition key
 */
export function targetsOf(query: ParsedQuery, paths: readonly string[]): QueryTargets {
  const name = documentNameOf(query.ast);
  const document = String(name);
  const filters = conditionsOf(query.ast)
    .flatMap((node) => equalitiesOf(node, name, query.parameters))
    .map(({ path, values }) => ({ path: `/${path.join('/')}`, values }));
  const keys = keysOf(paths, filters);
  const [first] = keys;
  if (first === undefined || first.length === 0) return { ranges: [ALL_KEYS], document, onlyKey: undefined };
  const isComplete = first.length === paths.length;
  const ranges = [...new Set(keys.map(effectivePartitionKey))]
    .sort()
    .map((min) => (isComplete ? { min, max: min } : { min, max: `${min}FF` }));
  return { ranges, document, onlyKey: isComplete && ranges.length === 1 ? JSON.stringify(first) : undefined };
}

interface KeyFilter {
  readonly path: string;
  readonly values: readonly unknown[];
}

/** All combinations of the values of the first paths that have a filter. */
function keysOf(paths: readonly string[], filters: readonly KeyFilter[]): readonly (readonly unknown[])[] {
  let keys: readonly (readonly unknown[])[] = [[]];
  for (const path of paths) {
    const filter = filters.find((one) => one.path === path);
    if (filter === undefined) break;
    keys = keys.flatMap((key) => filter.values.map((value) => [...key, value]));
  }
  return keys;
}
