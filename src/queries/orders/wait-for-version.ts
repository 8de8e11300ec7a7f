import { type WaitRuntime, waitUntil } from '../reading/wait-until.ts';
import type { FoundOrder, OrderReader } from './order-reader.ts';

/** How an order is read once it has the version. */
export type Read = () => Promise<FoundOrder | undefined>;

interface AwaitedVersion {
  readonly version: number;
  readonly read: Read;
  /** Whether the order is the one that the client waits for. */
  readonly isDone: (found: FoundOrder | undefined) => boolean;
  readonly waitMs: number;
}

/**
 * Waits until the read model has a version of an order, then reads the order. While it waits, it polls for a small document: the order page,
 * or for a large order the version's history entry. It reads the order again when the page is written later than the entry.
 * @returns the order as last read, which may be older when the time is over
 */
export async function waitForVersion(
  runtime: WaitRuntime,
  reader: OrderReader,
  { version, read, isDone, waitMs }: AwaitedVersion,
): Promise<FoundOrder | undefined> {
  const endsAt = runtime.monotonicMs() + waitMs;
  await waitUntil(() => reader.hasVersion(version), Boolean, endsAt, runtime);
  return waitUntil(read, isDone, endsAt, runtime);
}
