/** Physical partitions: each has a range of effective partition keys, and all containers have the same number of them. */
import type { Answer } from './http-exchange.ts';
import { END_OF_HASHES, effectivePartitionKey, toHex } from './partition-key-hash.ts';

/** As https://learn.microsoft.com/rest/api/cosmos-db/get-partition-key-ranges names it. */
export interface PartitionKeyRange {
  readonly id: string;
  readonly minInclusive: string;
  readonly maxExclusive: string;
}

/** Effective keys of a query: one key, when both ends are the same, or all from the first to before the last. */
export interface KeyRange {
  readonly min: string;
  readonly max: string;
}

const FIRST = '';
const LAST = 'FF';
export const ALL_KEYS: KeyRange = { min: FIRST, max: LAST };

const MAX_KNOWN_KEYS = 100_000;

export class PhysicalPartitions {
  /** By partition key: the hash costs more than the rest of a read. */
  readonly #known = new Map<string, PartitionKeyRange>();
  readonly ranges: readonly PartitionKeyRange[];

  /** @param count 1 or more, of the same size */
  constructor(count: number) {
    const start = (index: number) => toHex((END_OF_HASHES * BigInt(index)) / BigInt(count));
    this.ranges = Array.from({ length: count }, (_, index) => ({
      id: String(index),
      minInclusive: index === 0 ? FIRST : start(index),
      maxExclusive: index === count - 1 ? LAST : start(index + 1),
    }));
  }

  withId(id: string): PartitionKeyRange | undefined {
    return this.ranges.find((range) => range.id === id);
  }

  /** The ranges that may have keys of a query, in order. */
  overlapping({ min, max }: KeyRange): readonly PartitionKeyRange[] {
    return this.ranges.filter((range) =>
      range.minInclusive <= min ? range.maxExclusive > min : range.minInclusive < max,
    );
  }

  /** The range of a partition key, as a JSON array of all its values. */
  of(key: string): PartitionKeyRange {
    const [only, ...others] = this.ranges;
    if (only !== undefined && others.length === 0) return only;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const effective = effectivePartitionKey(JSON.parse(key));
    const found = this.ranges.findLast(({ minInclusive }) => minInclusive <= effective);
    if (found === undefined) throw new Error(`No range has the key ${key}.`);
    if (this.#known.size >= MAX_KNOWN_KEYS) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }
}

/** https://learn.microsoft.com/rest/api/cosmos-db/get-partition-key-ranges */
export function answerRanges({ ranges }: PhysicalPartitions): Answer {
  const shared = { status: 'online', parents: [], throughputFraction: 1 / ranges.length };
  const body = { PartitionKeyRanges: ranges.map((range) => ({ ...range, ...shared })), _count: ranges.length };
  return { status: 200, requestCharge: 1, body };
}
