/**
 * The terms that a document adds to the index of its container: a path and a value each. An included or excluded path ends with `/?` (one
 * value) or `/*` (everything below), and the most precise one decides. https://learn.microsoft.com/azure/cosmos-db/index-policy
 */

type Json = Readonly<Record<string, unknown>>;

interface Path {
  readonly path: string;
}

export interface IndexingPolicy {
  readonly indexingMode?: string | null | undefined;
  readonly includedPaths?: readonly Path[] | undefined;
  readonly excludedPaths?: readonly Path[] | undefined;
}

/** Indexes every property, as a container without a policy does. */
const DEFAULT_POLICY: IndexingPolicy = { includedPaths: [{ path: '/*' }], excludedPaths: [{ path: '/"_etag"/?' }] };
/** The database's own properties are not counted. */
const SYSTEM_PROPERTY = /^_/;

/** The number of terms that a write adds to the index and removes from it; undefined: no document. */
export type CountTerms = (before: Json | undefined, after: Json | undefined) => number;

export function termCounter(policy: IndexingPolicy = DEFAULT_POLICY): CountTerms {
  if (policy.indexingMode === 'none') return () => 0;
  const isIndexed = indexedBy(policy);
  const termsOf = (document: Json | undefined) =>
    new Set(document === undefined ? [] : [...termsIn(document)].filter(([path]) => isIndexed(path)).map(String));
  return (before, after) => {
    const [removed, added] = [termsOf(before), termsOf(after)];
    const kept = [...added].filter((term) => removed.has(term)).length;
    return removed.size + added.size - 2 * kept;
  };
}

function* termsIn(document: Json): Generator<readonly [path: string, value: unknown]> {
  for (const [name, value] of Object.entries(document)) {
    if (!SYSTEM_PROPERTY.test(name)) yield* termsAt(`/${name}`, value);
  }
}

function* termsAt(path: string, value: unknown): Generator<readonly [path: string, value: unknown]> {
  if (Array.isArray(value)) for (const element of value) yield* termsAt(`${path}/[]`, element);
  else if (typeof value === 'object' && value !== null)
    for (const [name, child] of Object.entries(value)) yield* termsAt(`${path}/${name}`, child);
  else yield [`${path}/?`, value];
}

function indexedBy({ includedPaths = [], excludedPaths = [] }: IndexingPolicy): (path: string) => boolean {
  const [included, excluded] = [includedPaths, excludedPaths].map((paths) => paths.map(unquoted));
  return (path) => precision(path, included) > precision(path, excluded);
}

const unquoted = ({ path }: Path): string => path.replaceAll('"', '');

/** The length of the longest of the paths that covers a path; -1 when none does. */
function precision(path: string, paths: readonly string[] = []): number {
  return paths.reduce((longest, one) => (one.length > longest && covers(one, path) ? one.length : longest), -1);
}

const covers = (pattern: string, path: string): boolean =>
  pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
