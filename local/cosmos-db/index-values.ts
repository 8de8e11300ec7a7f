/** The values that an index sorts documents by, in the order of the engine. */
import type { Path } from './query-syntax.ts';

export type Scalar = string | number | boolean | null;

/** A property of a document, or of the objects and arrays in it, as the engine reads it. */
export function valueAt(document: object, path: Path): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    document,
  );
}

export const isScalar = (value: unknown): value is Scalar => value === null || RANKS[typeof value] !== undefined;

/** Ranks of the types of scalars, from low to high. */
const RANKS: Readonly<Record<string, number>> = { boolean: 2, number: 3, string: 4 };
const UNDEFINED = 0;
const NULL = 1;
const ARRAY = 5;
const OBJECT = 6;

/** Compares two values. All arrays are equal here, and so are all objects: see {@link isUnordered}. */
export function compareValues(one: unknown, other: unknown): number {
  if (one === other) return 0;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : 1;
  const [rank, otherRank] = [rankOf(one), rankOf(other)];
  if (rank !== otherRank || rank >= ARRAY) return rank - otherRank;
  return Number(one) < Number(other) ? -1 : 1;
}

/** Whether the engine's order of a value depends on the other documents: the engine considers an array greater than an equal one. */
export const isUnordered = (value: unknown): boolean => Array.isArray(value);

function rankOf(value: unknown): number {
  if (value === undefined) return UNDEFINED;
  if (value === null) return NULL;
  return RANKS[typeof value] ?? (Array.isArray(value) ? ARRAY : OBJECT);
}
