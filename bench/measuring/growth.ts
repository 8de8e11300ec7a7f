import { type Figure, measured, RATIO } from '../report/figure.ts';
import { ratiosOf } from '../report/statistics.ts';
import { range } from './drive.ts';
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
  /** Turns of each store per round, the same for all stores. Default: 1. A cheap operation needs many, because a single turn is too short for a stable figure. */
  readonly turns?: number;
}

/** Measures each operation on all stores in turns, and compares its cost with that on the smallest store. */
export async function growthOf(operations: readonly GrowingOperation[], effort: Effort): Promise<readonly Figure[]> {
  const byKind = Map.groupBy(operations, ({ what }) => what);
  const samples = await alternate(new Map([...byKind].map(([what, stores]) => [what, () => inTurns(stores)])), effort);
  return [...byKind].flatMap(([what, stores]) => {
    const costs = (operation: GrowingOperation) => samples(what).map((round) => round.get(operation) ?? Number.NaN);
    const [fewest, ...more] = stores.toSorted((a, b) => a.orders - b.orders);
    if (fewest === undefined) return [];
    return more.map((operation) => {
      const ratios = ratiosOf(costs(operation), costs(fewest));
      return measured(
        `${what}, CPU time with ${count(operation)} orders relative to ${count(fewest)}`,
        ratios,
        RATIO,
        FLAT,
      );
    });
  });
}

/** Resolves to the mean of the turns of each operation. Every second turn has the reverse order. */
async function inTurns(operations: readonly GrowingOperation[]): Promise<ReadonlyMap<GrowingOperation, number>> {
  const turns = operations[0]?.turns ?? 1;
  const means = new Map<GrowingOperation, number>();
  for (const turn of range(turns)) {
    for (const operation of turn % 2 === 0 ? operations : operations.toReversed()) {
      means.set(operation, (means.get(operation) ?? 0) + (await operation.measure()) / turns);
    }
  }
  return means;
}

const count = ({ orders }: GrowingOperation): string => orders.toLocaleString('en-US');
