/** What a number of operations cost. */
export interface Cost {
  readonly perSecond: number;
  /** CPU milliseconds per operation: of this process, or of the app that was called. */
  readonly cpuMs: number;
}

/** Performs an operation on each item, `atOnce` of them at a time. */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  operation: (item: Item) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await operation(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Performs an operation again and again for some seconds, `atOnce` of them at a time. */
export async function forSeconds(seconds: number, atOnce: number, operation: () => Promise<unknown>): Promise<void> {
  const endsAt = performance.now() + seconds * 1_000;
  const worker = async () => {
    while (performance.now() < endsAt) await operation();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/**
 * Performs an operation on each item like `inParallel`, and measures the rate and the CPU time of this process.
 * @param finish waits for work that the operations have started. It counts for the CPU time, but not for the rate.
 */
export async function measureCost<Item>(
  items: readonly Item[],
  atOnce: number,
  operation: (item: Item) => Promise<unknown>,
  finish: () => Promise<unknown> = async () => undefined,
): Promise<Cost> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await inParallel(items, atOnce, operation);
  const seconds = (performance.now() - startedAt) / 1_000;
  await finish();
  return { perSecond: items.length / seconds, cpuMs: cpuMsSince(before) / items.length };
}

/**
 * CPU milliseconds that this process has used.
 * @param before the result of `process.cpuUsage()` from which to count
 */
export function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** The integers from 0 to `count - 1`. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
