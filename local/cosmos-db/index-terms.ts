/**
 * The terms that a document adds to the index of its container: a path and a value each. An included or excluded path ends with `/?` (one
 * value) or `/*` (everything below), and the most precise one decides. https://learn.microsoft.com/azure/cosmos-db/index-policy
 */
import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from './stored-document.ts';

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
const SYSTEM_PATH = /^\/_/;

/** The number of terms that a write adds to the index and removes from it; undefined: no document. */
export type CountTerms = (before: Json | undefined, after: Json | undefined) => number;

export function termCounter(policy: IndexingPolicy = DEFAULT_POLICY): CountTerms {
  if (policy.indexingMode === 'none') return () => 0;
  const isIndexed = indexedBy(policy);
  return (before = {}, after = {}) => changedMembers(before, after, '', isIndexed);
}

function changedMembers(before: Json, after: Json, path: string, isIndexed: IsIndexed): number {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return [...Object.keys(after), ...removed].reduce((terms, name) => {
    const childPath = `${path}/${name}`;
    return SYSTEM_PATH.test(childPath) ? terms : terms + changedTerms(before[name], after[name], childPath, isIndexed);
  }, 0);
}

/** Most of a document stays the same in a write, so terms are listed only where two values differ. */
function changedTerms(before: unknown, after: unknown, path: string, isIndexed: IsIndexed): number {
  if (before === after) return 0;
  if (isJsonObject(before) && isJsonObject(after)) return changedMembers(before, after, path, isIndexed);
  if (isDeepStrictEqual(before, after)) return 0;
  const [removed, added] = [before, after].map((value) => termsOf(value, path, isIndexed));
  const kept = [...(added ?? [])].filter((term) => removed?.has(term)).length;
  return (removed?.size ?? 0) + (added?.size ?? 0) - 2 * kept;
}

/** An array can have the same term several times, which counts once. */
function termsOf(value: unknown, path: string, isIndexed: IsIndexed): ReadonlySet<string> {
  return new Set([...termsAt(path, value)].filter(([one]) => isIndexed(one)).map(String));
}

function* termsAt(path: string, value: unknown): Generator<readonly [path: string, value: unknown]> {
  if (Array.isArray(value)) for (const element of value) yield* termsAt(`${path}/[]`, element);
  else if (isJsonObject(value))
    for (const [name, child] of Object.entries(value)) yield* termsAt(`${path}/${name}`, child);
  else if (value !== undefined) yield [`${path}/?`, value];
}

type IsIndexed = (path: string) => boolean;

function indexedBy({ includedPaths = [], excludedPaths = [] }: IndexingPolicy): IsIndexed {
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
