import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What the benchmark has counted: `npm run capacity -- --count` writes it again, and a test compares it with the code. */
export const COUNTED_FILE = 'scripts/capacity/counted.json';

/** The orders that are counted: few and many lines, alone and in the largest batch that the trigger passes. */
export const COUNTED_LINES = [1, 25] as const;
export const COUNTED_ORDERS = [1, 100] as const;

const numbers = z.record(z.string(), z.number());
const life = z.strictObject({
  lines: z.int(),
  orders: z.int(),
  eventBytes: numbers,
  requestUnits: z.record(z.string(), numbers),
  documentBytes: numbers,
  databaseBytes: z.number(),
});

/** What one order costs from its placing to its delivery, in a batch of `orders` orders. See `bench/life-counts.ts`. */
export type CountedLife = z.output<typeof life>;

/** What an order costs from its placing to its delivery. */
export interface OrderCost {
  readonly events: number;
  /** Bytes of all its events, as stored and sent. */
  readonly eventBytes: number;
  /** Request units to project its events, by read model. */
  readonly requestUnits: Readonly<Record<string, number>>;
  /** Bytes of its documents, by read model, without indexes. */
  readonly documentBytes: Readonly<Record<string, number>>;
  /** Bytes by which the SQLite write store grows. */
  readonly databaseBytes: number;
}

/** Reads what was counted. */
export function readCounted(text: string = readFileSync(COUNTED_FILE, 'utf8')): readonly CountedLife[] {
  return z.array(life).parse(JSON.parse(text));
}

/**
 * Interpolates between the counted orders: linear in the lines, and with a part per batch that the events of a batch share.
 * @param eventsPerBatch from 1 to 100
 */
export function orderCost(counted: readonly CountedLife[], lines: number, eventsPerBatch: number): OrderCost {
  const [, most] = COUNTED_ORDERS;
  const interpolate = (pick: (counts: CountedLife) => number, inBatchesOf = eventsPerBatch): number => {
    const [few = 0, many = 0] = COUNTED_LINES.map((of) => inBatch(counted, of, inBatchesOf, pick));
    const [fewestLines, mostLines] = COUNTED_LINES;
    return few + ((many - few) * (lines - fewestLines)) / (mostLines - fewestLines);
  };
  const readModels = Object.keys(counted[0]?.requestUnits ?? {});
  const byReadModel = (pick: (counts: CountedLife, readModel: string) => number, inBatchesOf?: number) =>
    Object.fromEntries(readModels.map((name) => [name, interpolate((counts) => pick(counts, name), inBatchesOf)]));
  return {
    events: Object.keys(counted[0]?.eventBytes ?? {}).length,
    eventBytes: interpolate(({ eventBytes }) => sum(eventBytes)),
    requestUnits: byReadModel(({ requestUnits }, name) => sum(requestUnits[name] ?? {})),
    // Of many orders, which share sums, products and half-empty pages.
    documentBytes: byReadModel(({ documentBytes }, name) => documentBytes[name] ?? 0, most),
    databaseBytes: interpolate(({ databaseBytes }) => databaseBytes, most),
  };
}

/** Costs that a batch has once are shared by its events. */
function inBatch(
  counted: readonly CountedLife[],
  lines: number,
  events: number,
  pick: (counts: CountedLife) => number,
): number {
  const [one = 0, all = 0] = COUNTED_ORDERS.map((orders) => {
    const found = counted.find((counts) => counts.lines === lines && counts.orders === orders);
    if (found === undefined) throw new Error(`${COUNTED_FILE} lacks orders of ${lines} lines in batches of ${orders}.`);
    return pick(found);
  });
  const [fewest, most] = COUNTED_ORDERS;
  const perBatch = (one - all) / (1 / fewest - 1 / most);
  return one - perBatch * (1 / fewest - 1 / events);
}

export const sum = (numbers: Readonly<Record<string, number>>): number =>
  Object.values(numbers).reduce((total, value) => total + value, 0);
