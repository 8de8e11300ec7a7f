import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { alternate, type Effort } from './rounds.ts';

/** No operation may cost much more with more orders. Half more leaves room for the cache misses of a larger store. */
const FLAT = { atMost: 1.5 };

/** An operation whose cost may depend on the number of orders. */
export interface GrowingOperation {
  /** Label of the operation. */
  readonly what: string;
  /** Number of orders in the store that it uses. */
  readonly orders: number;
  /** Performs the operation many times. Resolves to the mean CPU milliseconds. */
  measure(): Promise<number>;
}

/** Measures operations in turns, and compares each operation with the same one on the smallest store. */
export async function growthOf(operations: readonly GrowingOperation[], effort: Effort): Promise<readonly Figure[]> {
  const key = ({ what, orders }: GrowingOperation) => `${what} ${orders}`;
  const samples = await alternate(
    new Map(operations.map((operation) => [key(operation), () => operation.measure()] as const)),
    effort,
  );
  const byKind = Map.groupBy(operations, ({ what }) => what);
  return [...byKind].flatMap(([what, sizes]) => {
    const [fewest, ...more] = sizes.toSorted((a, b) => a.orders - b.orders);
    if (fewest === undefined) return [];
    return more.map((operation) => {
      const ratios = ratiosOf(samples(key(operation)), samples(key(fewest)));
      return measured(`${what}, CPU time with ${count(operation)} orders relative to ${count(fewest)}`, ratios, RATIO, FLAT);
    });
  });
}

const count = ({ orders }: GrowingOperation): string => orders.toLocaleString('en-US');
