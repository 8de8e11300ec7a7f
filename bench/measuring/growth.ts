import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { alternate, type Effort } from './rounds.ts';

/** Nothing may cost much more with ten times the orders. Half more leaves room for caches that a larger store misses. */
const FLAT = { atMost: 1.5 };

/** An operation whose cost may depend on the number of orders. */
export interface GrowingOperation {
  readonly what: string;
  /** Number of orders in the store that it uses. */
  readonly orders: number;
  /** Performs it many times; resolves to CPU milliseconds of one. */
  measure(): Promise<number>;
}

/** Measures operations in turns, and compares those with more orders with the same one with the fewest. */
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
      return measured(`${what}, CPU with ${count(operation)} orders : ${count(fewest)}`, ratios, RATIO, FLAT);
    });
  });
}

const count = ({ orders }: GrowingOperation): string => orders.toLocaleString('en-US');
